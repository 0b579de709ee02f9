import {
  ErrorCode,
  RemoteError,
  type JsonRpcNotification,
  type JsonRpcRequest,
  type RequestId,
  type ServerCapabilities,
} from '@trunkline/protocol';
import type { Exchange, Transport, TransportClosed, TransportError } from '@trunkline/transport';
import { Batches } from './batches.ts';
import type { Caller } from './caller.ts';
import type { Dispatcher } from './dispatcher.ts';
import { MAX_FOLLOWED, methodOf } from './changes.ts';
import type { Conversation, ServedLink } from './era/server-era.ts';
import { Peer } from './peer.ts';
import type { Change, Subscription, Subscriptions } from './subscriptions.ts';
import type { Clock } from './clock.ts';

/** What a link needs of its server. */
export interface ServerLinkOptions {
  readonly clock: Clock;
  readonly maxPending: number;
  readonly dispatcher: Dispatcher;
  readonly subscriptions: Subscriptions;
  readonly capabilities: () => ServerCapabilities;
  readonly request: (request: JsonRpcRequest, exchange: Exchange, link: ServerLink) => void;
  readonly notification: (notification: JsonRpcNotification, exchange: Exchange, link: ServerLink) => void;
  readonly closed: (link: ServerLink) => void;
  readonly onError: (error: unknown, method: string) => void;
}

/** One link that a server serves: a legacy session, or a shared lane on which either era may speak. */
export class ServerLink implements ServedLink {
  conversation: Conversation | undefined;
  readonly dispatcher: Dispatcher;
  readonly #options: ServerLinkOptions;
  readonly #peer: Peer;
  #changes: Subscription | undefined;
  readonly #followed = new Set<string>();
  readonly #batches = new Batches();

  constructor(transport: Transport, options: ServerLinkOptions) {
    this.#options = options;
    this.dispatcher = options.dispatcher;
    this.#peer = new Peer(
      transport,
      {
        request: (request, exchange) => {
          if (this.#admits(exchange)) options.request(request, exchange, this);
        },
        notification: (notification, exchange) => {
          if (this.#admits(exchange)) options.notification(notification, exchange, this);
        },
        fault: (error, exchange) => this.#answerFault(error, exchange),
        violation: (error) => options.onError(error, 'response'),
        closed: (closed) => this.#ended(closed),
      },
      options,
    );
  }

  get caller(): Caller {
    return this.#peer.caller;
  }

  start(): Promise<void> {
    return this.#peer.start();
  }

  close(cause?: Error): Promise<void> {
    return this.#peer.close(cause);
  }

  /** The client is ready: from here on it hears of changes. */
  ready(): void {
    if (this.#changes || !this.conversation) return;
    this.#changes = this.#options.subscriptions.add({ deliver: (change) => this.#tell(change) });
    for (const kind of ['tools', 'prompts', 'resources'] as const) this.#changes.follow({ kind });
    for (const uri of this.#followed) this.#changes.follow({ kind: 'resource', uri });
  }

  follow(uri: string): void {
    if (this.#followed.size >= MAX_FOLLOWED && !this.#followed.has(uri)) {
      throw new RemoteError(
        ErrorCode.ServerBusy,
        `${MAX_FOLLOWED} resources are subscribed to; unsubscribe from one`,
      );
    }
    this.#followed.add(uri);
    this.#changes?.follow({ kind: 'resource', uri });
  }

  unfollow(uri: string): void {
    this.#followed.delete(uri);
    this.#changes?.unfollow({ kind: 'resource', uri });
  }

  cancel(id: RequestId, reason: unknown): void {
    const why = typeof reason === 'string' ? `: ${reason.slice(0, MAX_REASON)}` : '';
    this.dispatcher.cancel(id, new DOMException(`the client cancelled the request${why}`, 'AbortError'));
  }

  /** Sends a notification that belongs to no request. */
  notify(notification: JsonRpcNotification): Promise<void> {
    const revision = this.conversation?.envelope.revision;
    return this.#peer.transport.send(notification, revision === undefined ? {} : { revision });
  }

  /** Lists are reported unasked, so only those of which the server said that it reports them. */
  async #tell(change: Change): Promise<void> {
    if (change.kind !== 'resource' && !this.#options.capabilities()[change.kind]?.listChanged) return;
    await this.notify({
      jsonrpc: '2.0',
      method: methodOf(change),
      params: change.kind === 'resource' ? { uri: change.uri } : {},
    });
  }

  #admits({ batch }: Exchange): boolean {
    return batch === undefined || this.#batches.admit(batch, this.conversation?.envelope.revision);
  }

  #answerFault(fault: TransportError, exchange: Exchange | undefined): void {
    this.#options.onError(fault, 'fault');
    if (fault.answer && exchange) void exchange.send(fault.answer).catch(ignore);
  }

  #ended(closed: TransportClosed): void {
    this.#changes?.end();
    this.dispatcher.abortAll(closed.cause ?? new Error(`the ${closed.by} side closed the link`));
    this.#options.closed(this);
  }
}

/** Longest reason of a client that a handler is shown, in UTF-16 units. */
const MAX_REASON = 1024;

/** The peer that cannot be told is gone, which its link reports. */
function ignore(): void {}
