import { isTransportError, TransportError } from '@trunkline/transport';
import { abortable } from './abortable.ts';
import { discard } from './body.ts';
import { networkError } from './network-error.ts';

/** One HTTP request. */
export interface HttpRequest {
  readonly url: string;
  readonly method: 'POST' | 'GET' | 'DELETE';
  readonly headers: Record<string, string>;
  readonly body?: string | undefined;
  /** Gives up until the head of the answer is there; its body is read under a signal of its own. */
  readonly signal: AbortSignal;
  /** Milliseconds until the head of the answer must be there. */
  readonly headTimeout?: number | undefined;
}

/** Makes one HTTP request, as the platform's `fetch` does. */
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
    const response = await fetchHead(fetch, url, wanted);
    if (response.type === 'opaqueredirect')
      throw blocked(
        response,
        `${new URL(url).origin} redirects, which a browser does not let this client check`,
      );
    if (!REDIRECTS.has(response.status)) return response;
    url = redirected(response, url, hops, wanted.method);
  }
}

async function fetchHead(
  fetch: Fetch,
  url: string,
  { method, headers, body, signal, headTimeout = Infinity }: HttpRequest,
): Promise<Response> {
  signal.throwIfAborted();
  // The platform listens to this signal and not to the caller's, which may outlive a thousand requests.
  const stop = new AbortController();
  const abort = (): void => stop.abort(signal.reason);
  const timer =
    headTimeout === Infinity
      ? undefined
      : setTimeout(() => stop.abort(tooLate(url, headTimeout)), headTimeout);
  signal.addEventListener('abort', abort);
  let response: Promise<Response> | undefined;
  try {
    response = fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal: stop.signal,
      ...(body !== undefined && { body }),
    });
    return await abortable(response, stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw isTransportError(error) ? error : networkError(url, error);
    response?.then(discard, ignore);
    throw stop.signal.reason;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

function tooLate(url: string, headTimeout: number): TransportError {
  return new TransportError('timed-out', `${new URL(url).origin} did not answer within ${headTimeout} ms`);
}

function redirected(response: Response, from: string, hops: number, method: string): string {
  const { status } = response;
  const location = response.headers.get('location');
  if (location === null || !URL.canParse(location, from))
    throw blocked(response, `status ${status} without a usable Location`);
  const to = new URL(location, from);
  if (!FOLLOWED.has(status) && method !== 'GET')
    throw blocked(response, `status ${status} would turn a ${method} into a GET`);
  if (!isSameSite(to, new URL(from)))
    throw blocked(response, `status ${status} leads from ${new URL(from).origin} to ${to.origin}`);
  if (hops >= MAX_REDIRECTS) throw blocked(response, `more than ${MAX_REDIRECTS} redirects`);
  discard(response);
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

function blocked(response: Response, reason: string): TransportError {
  discard(response);
  return new TransportError('redirect-blocked', `${reason}; connect to the final address`, {
    status: response.status,
    delivery: 'not-sent',
  });
}

function ignore(): void {}
