import {
  discard,
  type HttpHeaders,
  type MakeRequest,
  type ReplyLimits,
  type ReplySink,
} from '@trunkline/http-host/client';
import type { JsonRpcRequest } from '@trunkline/protocol';
import { TransportError, type Receiver } from '@trunkline/transport';
import type { ReconnectOptions } from '../client/options.ts';
import type { Pace } from '../client/pace.ts';
import { ClientStream, type StreamHome } from './client-stream.ts';

/** What a session needs of its link. */
export interface LegacyClientSessionOptions {
  readonly request: MakeRequest;
  readonly reconnect: ReconnectOptions | undefined;
  readonly pace: Pace;
}

/**
 * The client's side of a legacy session: its id, the stream on which the server speaks first, and streams that are taken up
 * again where they broke. https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#session-management
 */
export class LegacyClientSession implements StreamHome {
  readonly request: MakeRequest;
  readonly reconnect: ReconnectOptions | undefined;
  readonly pace: Pace;
  readonly seen: StreamHome['seen'] = recentIds();
  #id: string | undefined;
  #revision: string | undefined;

  constructor({ request, reconnect, pace }: LegacyClientSessionOptions) {
    this.request = request;
    this.reconnect = reconnect;
    this.pace = pace;
  }

  get id(): string | undefined {
    return this.#id;
  }

  /** The revision that was agreed on. */
  get revision(): string | undefined {
    return this.#revision;
  }

  get fields(): HttpHeaders {
    return {
      ...(this.#id !== undefined && { 'mcp-session-id': this.#id }),
      ...(this.#revision !== undefined && { 'mcp-protocol-version': this.#revision }),
    };
  }

  /**
   * Takes the id of the session from the answer to `initialize`; throws `malformed` if it cannot be one. An id that comes
   * with any other answer is a fault and ignored.
   */
  meet(response: Response, { method }: JsonRpcRequest, receiver: Receiver): void {
    const id = response.headers.get('mcp-session-id');
    if (id === null || id === this.#id) return;
    if (method !== 'initialize') {
      const reason = `ignored the session id in the answer to ${method}: only initialize opens a session`;
      return receiver.fault?.(new TransportError('malformed', reason));
    }
    if (!response.ok) return;
    if (!SESSION_ID.test(id)) {
      discard(response);
      const reason = `a session id of ${id.length} characters, of which at most 128 may be, all visible ASCII`;
      throw new TransportError('malformed', reason);
    }
    this.#id = id;
  }

  /** Reads a reply to its end, over as many connections as it takes. */
  read(
    response: Response,
    limits: ReplyLimits,
    sink: ReplySink,
    until: { readonly answered: boolean },
  ): Promise<void> {
    return new ClientStream(this, limits, sink).read(response, () => until.answered);
  }

  /** Keeps open the stream on which the server speaks first. Resolves if the server offers none. */
  listen(revision: string | undefined, limits: ReplyLimits, sink: ReplySink): Promise<void> {
    this.#revision = revision;
    return new ClientStream(this, limits, sink).listen();
  }
}

const SESSION_ID = /^[\x21-\x7e]{1,128}$/;
const MAX_SEEN = 1_000;

/** Remembers the newest thousand. */
function recentIds(): StreamHome['seen'] {
  const ids = new Set<string>();
  return {
    has: (id) => ids.has(id),
    add(id) {
      ids.add(id);
      const [oldest] = ids;
      if (ids.size > MAX_SEEN && oldest !== undefined) ids.delete(oldest);
    },
  };
}
