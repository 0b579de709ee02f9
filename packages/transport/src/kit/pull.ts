import type { JsonRpcMessage } from '@trunkline/protocol';
import { TransportError } from '../transport-error.ts';
import type { Dial } from '../transport.ts';
import { PullLink } from './pull-link.ts';

/** What {@link pullTransport} may be told. */
export interface PullOptions {
  /** How long connecting, sending and receiving may take, in milliseconds; 30,000 unless said. */
  readonly timeout?: number;
  /** Messages that may wait to be received before the link stops reading; 1,024 unless said. */
  readonly maxInbox?: number;
}

/** A link that is read by asking for the next message. */
export interface PullTransport extends AsyncDisposable {
  readonly connected: boolean;
  /** How long each operation may take, in milliseconds. */
  readonly timeout: number;
  /** Dials. Rejects with `connect-timeout`, or with what the transport says. May be called again after `disconnect`. */
  connect(): Promise<void>;
  /** Closes the link. Idempotent, never rejects. */
  disconnect(): Promise<void>;
  /** Sends any message; a response finds the lane that its request came on. */
  sendMessage(message: JsonRpcMessage): Promise<void>;
  /**
   * The next message, in wire order. Rejects with `timed-out`, and with `closed` after the last message. Input that
   * could not be delivered rejects in its turn, as `malformed`, `too-large` or `stream-ended`; the link lives on.
   */
  receiveMessage(options?: ReceiveOptions): Promise<JsonRpcMessage>;
}

/** What one `receiveMessage` may be told. */
export interface ReceiveOptions {
  /** Gives up waiting; no message is lost. */
  readonly signal?: AbortSignal;
}

/** Turns a dial into a link that is pulled, for programs that take one message, handle it and take the next. */
export function pullTransport(dial: Dial, options: PullOptions = {}): PullTransport {
  const { timeout = 30_000, maxInbox = 1024 } = options;
  let link: PullLink | undefined;

  function current(): PullLink {
    if (link) return link;
    throw new TransportError('misuse', 'connect() was not called', { delivery: 'not-sent' });
  }

  async function disconnect(): Promise<void> {
    await link?.transport.close();
  }

  return {
    get connected() {
      return link?.live ?? false;
    },
    timeout,
    async connect() {
      if (link?.live) throw new TransportError('misuse', 'connect() was called before; disconnect() first');
      link = new PullLink(dial(), maxInbox);
      await link.start(timeout);
    },
    disconnect,
    sendMessage: async (message) => current().send(message, timeout),
    receiveMessage: async ({ signal } = {}) => current().take(timeout, signal),
    [Symbol.asyncDispose]: disconnect,
  };
}
