import { TransportError } from '@trunkline/transport';
import { networkError } from './network-error.ts';

/** One HTTP request. */
export interface HttpRequest {
  readonly url: string;
  readonly method: 'POST' | 'GET' | 'DELETE';
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const MAX_REDIRECTS = 5;
/** Those that keep the method; the others would turn a POST into a GET. */
const FOLLOWED = new Set([307, 308]);
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Makes a request and follows redirects within its origin. Rejects with a `TransportError`, or with the signal's reason,
 * also where an injected `fetch` ignores the signal.
 */
export async function request(fetch: Fetch, wanted: HttpRequest): Promise<Response> {
  let { url } = wanted;
  for (let hops = 0; ; hops += 1) {
    const response = await fetchOnce(fetch, url, wanted);
    if (response.type === 'opaqueredirect')
      throw await blocked(
        response,
        `${new URL(url).origin} redirects, which a browser does not let this client check`,
      );
    if (!REDIRECTS.has(response.status)) return response;
    url = await redirected(response, url, hops, wanted.method);
  }
}

async function fetchOnce(
  fetch: Fetch,
  url: string,
  { method, headers, body, signal }: HttpRequest,
): Promise<Response> {
  signal.throwIfAborted();
  let stop: () => void = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    const init: RequestInit = {
      method,
      headers,
      redirect: 'manual',
      signal,
      ...(body !== undefined && { body }),
    };
    return await Promise.race([fetch(url, init), aborted]);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error instanceof TransportError ? error : networkError(url, error);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function redirected(response: Response, from: string, hops: number, method: string): Promise<string> {
  const { status } = response;
  const location = response.headers.get('location');
  if (location === null || !URL.canParse(location, from))
    throw await blocked(response, `status ${status} without a usable Location`);
  const to = new URL(location, from);
  if (!FOLLOWED.has(status) && method !== 'GET')
    throw await blocked(response, `status ${status} would turn a ${method} into a GET`);
  if (!isSameSite(to, new URL(from)))
    throw await blocked(response, `status ${status} leads from ${new URL(from).origin} to ${to.origin}`);
  if (hops >= MAX_REDIRECTS) throw await blocked(response, `more than ${MAX_REDIRECTS} redirects`);
  await response.body?.cancel();
  return to.href;
}

/** The same origin, or its secure form. */
function isSameSite(to: URL, from: URL): boolean {
  if (to.username !== '' || to.password !== '') return false;
  return (
    to.origin === from.origin ||
    (from.protocol === 'http:' && to.protocol === 'https:' && to.hostname === from.hostname && to.port === '')
  );
}

async function blocked(response: Response, reason: string): Promise<TransportError> {
  await response.body?.cancel();
  return new TransportError('redirect-blocked', `${reason}; connect to the final address`, {
    status: response.status,
    delivery: 'not-sent',
  });
}
