import type {
  Implementation,
  JsonObject,
  JsonRpcError,
  JsonRpcRequest,
  JsonRpcResultResponse,
  RequestId,
} from '@trunkline/protocol';
import type { Exchange } from '@trunkline/transport';
import type { Inbound } from './dispatcher.ts';
import { answer, type Answering } from './inputs.ts';

/** One request of a legacy server to its client while it is being answered. */
export class ServerRequest implements Inbound {
  readonly id: RequestId;
  readonly method: string;
  readonly exchange: Exchange;
  readonly bounded: boolean;
  readonly cancellable = true;
  due: number = Infinity;
  readonly #params: JsonObject;
  readonly #answering: Answering;
  readonly #serverInfo: Implementation | undefined;
  readonly #abort = new AbortController();

  constructor(
    request: JsonRpcRequest,
    exchange: Exchange,
    answering: Answering,
    serverInfo: Implementation | undefined,
  ) {
    this.id = request.id;
    this.method = request.method;
    this.#params = request.params ?? {};
    this.exchange = exchange;
    this.bounded = request.method !== 'ping';
    this.#answering = answering;
    this.#serverInfo = serverInfo;
  }

  get aborted(): boolean {
    return this.#abort.signal.aborted;
  }

  run(): unknown {
    if (this.method === 'ping') return {};
    const { _meta, ...params } = this.#params;
    return answer(this.#answering, this.method, params, {
      serverInfo: this.#serverInfo,
      signal: this.#abort.signal,
    });
  }

  abort(reason: unknown): void {
    this.#abort.abort(reason);
  }

  flush(): void {}

  answer(result: JsonObject): JsonRpcResultResponse {
    return { jsonrpc: '2.0', id: this.id, result };
  }

  encodeError(error: JsonRpcError): JsonRpcError {
    return error;
  }
}
