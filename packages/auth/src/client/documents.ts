import { AuthError, isAuthError } from '../auth-error.ts';
import type { AddressPolicy } from './addresses.ts';
import { untilAborted } from './until-aborted.ts';

/** The platform's `fetch`, or what stands in for it. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const MAX_BYTES = 256 * 1024;
const TIMEOUT = 10_000;
const MAX_HOPS = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Fetches what authorization servers and protected resources publish: 256 KiB at most, within ten seconds, from addresses
 * that the policy allows. A GET follows three redirects within its origin, anything else none. Rejects with an `AuthError`,
 * or with the reason of the signal.
 */
export function documentFetch(fetch: Fetch, policy: AddressPolicy): Fetch {
  return async (address, init) => {
    const signal = AbortSignal.any([AbortSignal.timeout(TIMEOUT), ...(init.signal ? [init.signal] : [])]);
    let url = policy.check(address, 'the address');
    for (let hops = 0; ; hops += 1) {
      const response = await reach(fetch, url, { ...init, redirect: 'manual', signal }, init.signal);
      if (response.type !== 'opaqueredirect' && !REDIRECTS.has(response.status))
        return await bounded(response, url, signal, init.signal);
      await response.body?.cancel();
      url = redirected(response, url, { ...init, hops }, policy);
    }
  };
}

async function reach(
  fetch: Fetch,
  url: URL,
  init: RequestInit & { signal: AbortSignal },
  outer: AbortSignal | null | undefined,
): Promise<Response> {
  try {
    // An injected `fetch` may ignore the signal.
    return await untilAborted(fetch(url.href, init), init.signal);
  } catch (error) {
    throw unreachable(error, url, outer);
  }
}

function redirected(
  response: Response,
  from: URL,
  { method = 'GET', hops }: { method?: string; hops: number },
  policy: AddressPolicy,
): URL {
  const location = response.headers.get('location');
  const refuse = (why: string): AuthError => new AuthError('url-blocked', `${from.origin} redirects ${why}`);
  if (method !== 'GET') throw refuse(`a ${method}, whose body must not go elsewhere`);
  if (hops >= MAX_HOPS) throw refuse(`more than ${MAX_HOPS} times`);
  if (!location || !URL.canParse(location, from.href)) throw refuse('without saying where to');
  const to = policy.check(new URL(location, from.href).href, 'the redirect to');
  const secured =
    from.protocol === 'http:' && to.protocol === 'https:' && to.hostname === from.hostname && to.port === '';
  if (to.origin !== from.origin && !secured) throw refuse(`to ${to.origin}`);
  return to;
}

/** The same response with its body read, so that nobody downstream waits or reads too much. */
async function bounded(
  response: Response,
  url: URL,
  signal: AbortSignal,
  outer: AbortSignal | null | undefined,
): Promise<Response> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    for await (const part of chunks(response, signal)) {
      size += part.byteLength;
      if (size > MAX_BYTES)
        throw new AuthError('metadata-invalid', `${url.origin} answered with more than ${MAX_BYTES} bytes`);
      parts.push(part);
    }
  } catch (error) {
    throw isAuthError(error) ? error : unreachable(error, url, outer);
  }
  const { status, headers } = response;
  return new Response(size === 0 ? null : new Blob(parts), { status, headers });
}

async function* chunks(
  response: Response,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const reader = response.body?.getReader();
  if (!reader) return;
  const stop = (): void => void reader.cancel(signal.reason).catch(() => {});
  signal.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) return;
      yield value;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await reader.cancel().catch(() => {});
  }
}

function unreachable(error: unknown, url: URL, outer: AbortSignal | null | undefined): unknown {
  if (outer?.aborted) return outer.reason;
  if (isAuthError(error)) return error;
  return new AuthError('discovery', `${url.origin} could not be reached`, { cause: error });
}
