import { OAuthError } from './oauth-error.ts';

const MAX_BYTES = 64 * 1024;

/** The parameters of a form, each at most once. Throws `OAuthError` for anything else, and for more than 64 KiB. */
export async function readForm(request: Request): Promise<URLSearchParams> {
  const form = new URLSearchParams(await readBody(request, 'application/x-www-form-urlencoded'));
  assertOnce(form);
  return form;
}

/** The object that a request carries as JSON. */
export async function readJson(request: Request): Promise<Record<string, unknown>> {
  const text = await readBody(request, 'application/json');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // The same complaint as for JSON that is no object.
  }
  throw new OAuthError('invalid_client_metadata', 'the body is not a JSON object');
}

/** https://www.rfc-editor.org/rfc/rfc6749#section-3.1: parameters must not be repeated. */
export function assertOnce(parameters: URLSearchParams): void {
  const names = [...parameters.keys()];
  if (new Set(names).size !== names.length)
    throw new OAuthError('invalid_request', 'a parameter is repeated');
}

async function readBody(request: Request, type: string): Promise<string> {
  const [given] = (request.headers.get('content-type') ?? '').split(';');
  if (given?.trim().toLowerCase() !== type)
    throw new OAuthError('invalid_request', `the body must be ${type}`);
  const tooLarge = new OAuthError('invalid_request', `the body has more than ${MAX_BYTES} bytes`, 413);
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BYTES) throw tooLarge;
  const decoder = new TextDecoder();
  let [text, size] = ['', 0];
  for await (const part of request.body ?? []) {
    size += part.byteLength;
    // Leaving the loop cancels the rest.
    if (size > MAX_BYTES) throw tooLarge;
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}
