import type {
  ClientCapabilities,
  Envelope,
  Implementation,
  JsonObject,
  JsonRpcNotification,
  LoggingLevel,
  Outcome,
} from '@trunkline/protocol';
import type { OutboundOptions } from './caller.ts';
import type { ClientEra, Opened, OpenLink } from './era/client-era.ts';
import type { Peer } from './peer.ts';
import { SessionError } from './session-error.ts';
import { Subscriptions, type Change } from './subscriptions.ts';

/** An opened link with the server at its other end. */
export class ClientLink implements OpenLink {
  readonly peer: Peer;
  readonly era: ClientEra;
  readonly opened: Opened;
  readonly changes: Subscriptions = new Subscriptions();
  readonly lost: AbortSignal;
  /** Hears every change first, on whichever way it came. */
  onChange: ((change: Change) => void) | undefined;
  #envelope: Envelope;

  constructor(
    peer: Peer,
    era: ClientEra,
    opened: Opened,
    identity: { info: Implementation; capabilities: ClientCapabilities },
  ) {
    this.peer = peer;
    this.era = era;
    this.opened = opened;
    const lost = new AbortController();
    this.lost = lost.signal;
    void peer.transport.closed.then(({ by, cause }) =>
      lost.abort(new SessionError('link-lost', `the link ended (${by})`, { cause, delivery: 'unknown' })),
    );
    this.#envelope = {
      revision: opened.revision,
      clientInfo: identity.info,
      clientCapabilities: identity.capabilities,
    };
  }

  /** Sends one request and reads what came back. */
  async call(
    method: string,
    params: JsonObject | undefined,
    options: OutboundOptions = {},
  ): Promise<Outcome> {
    const { codec } = this.era;
    const wire = await this.peer.caller.call(method, codec.encodeParams(method, params, this.#envelope), {
      options,
      cancel: (id, reason) => this.era.cancel(id, reason, this.peer.transport.binding),
      revision: this.opened.revision,
    });
    return codec.decodeResult(method, wire);
  }

  /** Takes a change that the server told of outside a subscription's lane. */
  hear(change: Change): void {
    this.onChange?.(change);
    this.changes.publish(change);
  }

  notify(method: string, params?: JsonObject): Promise<void> {
    const notification: JsonRpcNotification = { jsonrpc: '2.0', method, ...(params && { params }) };
    return this.peer.transport.send(notification, { revision: this.opened.revision });
  }

  /** From now on every request asks for log messages of this level. */
  stampLogLevel(logLevel: LoggingLevel): void {
    this.#envelope = { ...this.#envelope, logLevel };
  }
}
