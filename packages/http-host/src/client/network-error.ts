import { isMcpError } from '@trunkline/protocol';
import { TransportError } from '@trunkline/transport';

/** Failures after which the server cannot have seen the request. */
const UNREACHED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ConnectionRefused',
]);
const NO_CONNECTION = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT']);
const NO_ANSWER = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const TLS = /^(?:ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO$)/;

/**
 * What a rejected `fetch` means. Browsers do not say why they could not or would not make a request: `status` is 0 then,
 * and only then.
 */
export function networkError(url: string, cause: unknown): TransportError {
  // An injected `fetch` that did not let the request out, such as one that could not sign in.
  if (isMcpError(cause)) return new TransportError('refused', cause.message, { cause, delivery: 'not-sent' });
  const code = codeOf(cause);
  const where = new URL(url).origin;
  if (code === undefined) return unexplained(where, cause);
  if (NO_CONNECTION.has(code))
    return new TransportError('connect-timeout', `${where} did not accept a connection (${code})`, {
      cause,
      delivery: 'not-sent',
    });
  if (TLS.test(code)) return new TransportError('tls', `${where}: ${code}`, { cause, delivery: 'not-sent' });
  if (UNREACHED.has(code))
    return new TransportError('not-sent', `${where} could not be reached (${code})`, { cause });
  if (NO_ANSWER.has(code))
    return new TransportError('timed-out', `${where} fell silent (${code})`, { cause });
  return new TransportError('stream-ended', `the connection to ${where} broke (${code})`, { cause });
}

function unexplained(where: string, cause: unknown): TransportError {
  if (cause instanceof Error && cause.name !== 'TypeError')
    return new TransportError('refused', `no request was made to ${where}: ${cause.message}`, { cause });
  const reason = `${where} could not be reached, or a browser refused the request`;
  return new TransportError('refused', reason, { cause, status: 0 });
}

function codeOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    const first: unknown = at instanceof AggregateError ? at.errors[0] : undefined;
    if (first instanceof Error && 'code' in first && typeof first.code === 'string') return first.code;
  }
  return undefined;
}
