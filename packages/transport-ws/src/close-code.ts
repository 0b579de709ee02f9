import { isTransportError, TransportError, type TransportErrorCode } from '@trunkline/transport';

/** How the peer ended a socket. It is the `cause` of the error that `closed` tells. */
export interface WebSocketClose {
  /** The status code of the closing frame; 1006 when none came. https://www.rfc-editor.org/rfc/rfc6455#section-7.4 */
  readonly code: number;
  /** What the peer said about it, at most 123 bytes. */
  readonly reason: string;
}

/** Finds out how the peer closed the socket, from any error that has such an end among its causes. */
export function closeOf(error: unknown): WebSocketClose | undefined {
  let cause = error;
  // Bounded, because a chain of causes can be made circular.
  for (let depth = 0; depth < 16 && typeof cause === 'object' && cause !== null; depth += 1) {
    if (isClose(cause)) return cause;
    cause = 'cause' in cause ? cause.cause : undefined;
  }
  return undefined;
}

/** Status codes for what this end finds wrong. */
export const CloseCode = {
  Normal: 1000,
  GoingAway: 1001,
  NotText: 1003,
  Policy: 1008,
  TooLarge: 1009,
  Failed: 1011,
  TryAgainLater: 1013,
} as const;

/** Why the link is gone when the peer closed its socket; nothing for an end in good order. */
export function closedByPeer(code: number, reason: string): TransportError | undefined {
  if (code === CloseCode.Normal || code === NO_CODE) return undefined;
  const [word, meaning] = MEANINGS.get(code) ?? ['closed', 'the peer closed the socket'];
  const said = reason === '' ? '' : `: ${JSON.stringify(reason)}`;
  const cause: WebSocketClose = { code, reason };
  return new TransportError(word, `${meaning} (${code}${said})`, { status: code, cause });
}

/** The error of what is sent on a socket that is not open any more. */
export function closing(): TransportError {
  return new TransportError('closed', 'the socket is closing', { delivery: 'not-sent' });
}

/** What to tell the peer when this end closes the socket. */
export function closingFrame(cause: Error | undefined): WebSocketClose {
  if (cause === undefined) return { code: CloseCode.Normal, reason: '' };
  if (!isTransportError(cause)) return { code: CloseCode.Failed, reason: '' };
  const { status = 0 } = cause;
  const code = isSendable(status) ? status : (CODES.get(cause.code) ?? CloseCode.Failed);
  return { code, reason: shortened(cause.message) };
}

/** What a closing frame without a status code counts as. */
const NO_CODE = 1005;

const MEANINGS: ReadonlyMap<number, readonly [TransportErrorCode, string]> = new Map([
  [1001, ['closed', 'the peer is going away']],
  [1002, ['refused', 'the peer found that we broke the WebSocket protocol']],
  [1003, ['refused', 'the peer does not take this kind of frame']],
  [1006, ['closed', 'the connection broke without a closing frame']],
  [1007, ['refused', 'the peer could not read our text']],
  [1008, ['refused', 'the peer closed the socket for its policy']],
  [1009, ['too-large', 'our message was too large for the peer']],
  [1011, ['closed', 'the peer failed']],
  [1012, ['closed', 'the peer restarts']],
  [1013, ['refused', 'the peer has too much to do; try again later']],
]);

const CODES: ReadonlyMap<TransportErrorCode, number> = new Map([
  ['too-large', CloseCode.TooLarge],
  ['overloaded', CloseCode.TryAgainLater],
  ['malformed', CloseCode.Policy],
  ['refused', CloseCode.Policy],
  ['expired', CloseCode.Policy],
  ['closed', CloseCode.GoingAway],
]);

/** 1004 to 1006 and 1015 never travel; nor does what is no status code at all. */
function isSendable(code: number): boolean {
  return (code >= 1000 && code <= 1014 && (code < 1004 || code > 1006)) || (code >= 3000 && code <= 4999);
}

const MAX_REASON_BYTES = 123;

function shortened(text: string): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= MAX_REASON_BYTES) return text;
  return new TextDecoder().decode(bytes.subarray(0, MAX_REASON_BYTES), { stream: true });
}

function isClose(value: object): value is WebSocketClose {
  return 'code' in value && typeof value.code === 'number' && 'reason' in value;
}
