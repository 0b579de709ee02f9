import { TransportError } from '@trunkline/transport';
import { abortable } from './abortable.ts';
import { request, type Fetch, type HttpRequest } from './request.ts';

/** Header fields by name. */
export type HttpHeaders = Readonly<Record<string, string>>;

/** What all requests of a link have in common. */
export interface RequestOptions {
  /** Sent with every request; a function is asked anew each time. Names that the protocol itself uses are refused. */
  readonly headers?: HttpHeaders | (() => HttpHeaders | Promise<HttpHeaders>);
  /** Used instead of the platform's `fetch`; the place for authorization. Redirects are followed here and not by it. */
  readonly fetch?: Fetch;
  /** Milliseconds until the head of an answer must be there; `Infinity` leaves it to the call's own timeout, as by default. */
  readonly headTimeout?: number;
}

/** One request of a link. The address, and what all requests of the link carry, is added to it. */
export interface LinkRequest extends Pick<HttpRequest, 'method' | 'body' | 'signal'> {
  /** Fields of the protocol. */
  readonly fields: HttpHeaders;
  /** Fields of the caller. */
  readonly headers?: HttpHeaders | undefined;
}

/** Makes the requests of one link. Rejects with a `TransportError`, or with the signal's reason. */
export type MakeRequest = (wanted: LinkRequest) => Promise<Response>;

/** Binds what all requests of a link have in common. */
export function requestsTo(url: string, options: RequestOptions): MakeRequest {
  const { headers, fetch = globalThis.fetch, headTimeout } = options;
  return async ({ method, body, signal, fields, headers: more }) => {
    const own = typeof headers === 'function' ? await answerOf(headers, signal) : headers;
    const all = { ...checkedHeaders(own), ...checkedHeaders(more), ...fields };
    return request(fetch, { url, method, body, signal, headTimeout, headers: all });
  };
}

/** The same headers by lower-case names. Throws `misuse` for what cannot be sent, and for what the transport itself sends. */
export function checkedHeaders(headers: HttpHeaders = {}): HttpHeaders {
  let checked: HttpHeaders;
  try {
    checked = Object.fromEntries(new Headers(headers));
  } catch (cause) {
    throw misuse('headers hold a name or a value that HTTP cannot carry', cause);
  }
  const own = Object.keys(checked).find((name) => OWN_FIELDS.test(name));
  if (own !== undefined) throw misuse(`the header ${own} is set by the transport; leave it out of headers`);
  return checked;
}

const OWN_FIELDS = /^(?:mcp-.*|content-type|accept|content-length|host|connection|last-event-id)$/;

async function answerOf(
  headers: () => HttpHeaders | Promise<HttpHeaders>,
  signal: AbortSignal,
): Promise<HttpHeaders> {
  try {
    return await abortable(Promise.resolve(headers()), signal);
  } catch (cause) {
    signal.throwIfAborted();
    throw new TransportError('not-sent', 'the headers for the request could not be had', { cause });
  }
}

function misuse(reason: string, cause?: unknown): TransportError {
  return new TransportError('misuse', reason, { cause, delivery: 'not-sent' });
}
