import { isResponse, type JsonRpcErrorResponse, type RequestId } from '@trunkline/protocol';
import { decodeFrame, TransportError } from '@trunkline/transport';
import { bodyKind, readText } from './body.ts';

const MAX_ERROR_BYTES = 64 * 1024;
/** Milliseconds without a byte after which the rest of an explanation is not waited for. */
const PATIENCE = 5_000;

/** How servers made with the official SDK 1.x say, with 400, that they know no such session. */
const FORGOTTEN = /"code":\s*-32000\b.*(?:session|not initialized)/is;

/** To what a refusal answers. */
export interface Refused {
  /** The request that was refused, where it was one. */
  readonly id?: RequestId | undefined;
  /** Whether it named a session, which the server may have forgotten. */
  readonly inSession: boolean;
  readonly signal: AbortSignal;
}

/**
 * What a response with an error status says: the JSON-RPC error in its body where there is one, else an error of the
 * transport with the status. Refused credentials and forgotten sessions are never read as answers.
 */
export async function readRefusal(
  response: Response,
  { id, inSession, signal }: Refused,
): Promise<JsonRpcErrorResponse | TransportError> {
  const { status } = response;
  const limits = { maxBytes: MAX_ERROR_BYTES, idleTimeout: PATIENCE, signal };
  const text = await readText(response, limits).catch(() => '');
  signal.throwIfAborted();
  if (inSession && (status === 404 || (status === 400 && FORGOTTEN.test(text)))) {
    return new TransportError('expired', 'the server no longer knows this session', {
      status,
      delivery: 'not-sent',
    });
  }
  if (status !== 401 && status !== 403 && id !== undefined && bodyKind(response) === 'json') {
    const error = errorIn(text, id);
    if (error) return error;
  }
  return new TransportError(
    'refused',
    `the server answered with status ${status}${excerpt(response, text)}`,
    {
      status,
      delivery: 'answered',
    },
  );
}

function errorIn(text: string, id: RequestId): JsonRpcErrorResponse | undefined {
  const message = decodeFrame(text);
  if (
    message instanceof TransportError ||
    Array.isArray(message) ||
    !isResponse(message) ||
    !('error' in message)
  )
    return undefined;
  // The body can only be the answer to this request, also where the server could not read its id.
  return message.id === id || (message.id ?? null) === null ? { ...message, id } : undefined;
}

function excerpt(response: Response, text: string): string {
  if (bodyKind(response) === 'other' && !/^text\/plain/i.test(response.headers.get('content-type') ?? ''))
    return '';
  const line = text.replaceAll(/\s+/g, ' ').trim().slice(0, 200);
  return line === '' ? '' : `: ${line}`;
}
