import {
  ErrorCode,
  RemoteError,
  type CreateMessageResult,
  type ElicitResult,
  type JsonObject,
  type Root,
} from '@trunkline/protocol';
import type { Client, ClientOptions } from '@trunkline/session';
import type { OpenCall } from './open-call.ts';

/** Opens a session with the remote server, with the handlers of its questions. */
export type ConnectTo = (options: ClientOptions) => Promise<Client>;

/** A legacy session, in which one call at a time is open: so it is known whose questions are asked in it. */
export interface Lane {
  readonly client: Client;
  owner: unknown;
  busy: boolean;
  call: OpenCall | undefined;
}

/** The sessions with one remote server. No two callers share one. */
export class Lanes {
  readonly #connect: ConnectTo;
  readonly #limit: number;
  readonly #lanes = new Set<Lane>();
  #opening = 0;

  constructor(connect: ConnectTo, limit: number) {
    this.#connect = connect;
    this.#limit = limit;
  }

  /** A session that its owner alone uses until it gives it back. Rejects with the code of a busy server if there are too many. */
  async take(owner: unknown): Promise<Lane> {
    const idle = [...this.#lanes].find((lane) => !lane.busy && lane.owner === owner);
    if (idle) {
      idle.busy = true;
      return idle;
    }
    await this.#makeRoom();
    this.#opening += 1;
    try {
      return await this.open(owner);
    } finally {
      this.#opening -= 1;
    }
  }

  release(lane: Lane): void {
    lane.busy = false;
    lane.call = undefined;
  }

  /** Opens one more session. */
  async open(owner: unknown): Promise<Lane> {
    const opened: { lane?: Lane } = {};
    const asked = async (method: string, params: object): Promise<JsonObject> => {
      const call = opened.lane?.call;
      if (!call) throw new RemoteError(ErrorCode.InvalidRequest, `${method}: no call is open here`);
      return call.ask({ method, params } as Parameters<OpenCall['ask']>[0]);
    };
    const client = await this.#connect({
      onElicit: async (params) => (await asked('elicitation/create', params)) as ElicitResult,
      onSample: async (params) => (await asked('sampling/createMessage', params)) as CreateMessageResult,
      roots: async () => (await asked('roots/list', {}))['roots'] as Root[],
    });
    const lane: Lane = { client, owner, busy: true, call: undefined };
    opened.lane = lane;
    this.#lanes.add(lane);
    void client.closed.then(() => this.#lanes.delete(lane));
    return lane;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#lanes].map(({ client }) => client.close()));
  }

  async #makeRoom(): Promise<void> {
    if (this.#lanes.size + this.#opening < this.#limit) return;
    const idle = [...this.#lanes].find((lane) => !lane.busy);
    if (!idle)
      throw new RemoteError(
        ErrorCode.ServerBusy,
        `${this.#limit} sessions with the remote server are in use`,
      );
    this.#lanes.delete(idle);
    await idle.client.close();
  }
}
