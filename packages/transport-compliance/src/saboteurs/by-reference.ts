import type { JsonRpcMessage } from '@trunkline/protocol';
import {
  TransportError,
  type Exchange,
  type Receiver,
  type Transport,
  type TransportClosed,
} from '@trunkline/transport';
import { jsonValues } from '../cases/json-values.ts';
import { SHARED } from '../reference/shared.ts';
import type { Saboteur } from '../saboteur.ts';

export const byReference: Saboteur = {
  defect: 'messages are handed over as the objects they are, within send()',
  breaks: jsonValues,
  can: {
    ...SHARED,
    sever: 'the two ends are one',
    inject: 'there is no wire',
    backPressure: 'nothing waits',
    limit: 'there is no wire',
  },
  setup() {
    const near = new ReferenceEnd();
    const far = new ReferenceEnd();
    near.peer = far;
    far.peer = near;
    return { near, accept: (receiver) => far.start(receiver) };
  },
};

class ReferenceEnd implements Transport {
  readonly binding = { name: 'by-reference', lanes: 'shared' } as const;
  readonly closed: Promise<TransportClosed>;
  peer: ReferenceEnd | undefined;
  #receiver: Receiver | undefined;
  #end!: (closed: TransportClosed) => void;
  readonly #gone = new AbortController();

  constructor() {
    this.closed = new Promise((resolve) => (this.#end = resolve));
  }

  async start(receiver: Receiver): Promise<void> {
    if (this.#receiver) throw new TransportError('misuse', 'start() was called before');
    this.#receiver = receiver;
  }

  async send(message: JsonRpcMessage): Promise<void> {
    if (!this.#receiver) throw new TransportError('misuse', 'send() was called before start()');
    this.peer?.deliver(message);
  }

  async close(cause?: Error): Promise<void> {
    this.#gone.abort();
    this.#end(cause ? { by: 'local', cause } : { by: 'local' });
  }

  deliver(message: JsonRpcMessage): void {
    const exchange: Exchange = {
      signal: this.#gone.signal,
      origin: {},
      scope: this,
      send: (reply) => this.send(reply as JsonRpcMessage),
      end() {},
    };
    void this.#receiver?.message(message, exchange);
  }
}
