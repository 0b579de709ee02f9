import type { ReplySink } from '@trunkline/http-host/client';
import {
  findRevision,
  isResponse,
  type JsonRpcMessage,
  type JsonRpcRequest,
  type RequestId,
} from '@trunkline/protocol';
import { TransportError, type Exchange, type Receiver, type SendOptions } from '@trunkline/transport';

/** Milliseconds that a server may take to end a stream whose answer has come. */
const LINGER = 1_000;

/** What a lane needs to know. */
export interface LaneOptions extends Pick<SendOptions, 'revision'> {
  /** Ends the lane. */
  readonly stop: AbortController;
  /** Called when the answer came, from when on its caller has no say any more. */
  readonly settled: () => void;
}

/** One request of ours and the reply that belongs to it: everything up to the answer is delivered, nothing after it. */
export class Lane {
  readonly request: JsonRpcRequest;
  readonly legacy: boolean;
  readonly #stop: AbortController;
  readonly #settled: () => void;
  #answered = false;
  #defect: TransportError | undefined;
  #linger: ReturnType<typeof setTimeout> | undefined;

  constructor(request: JsonRpcRequest, { revision, stop, settled }: LaneOptions) {
    this.request = request;
    this.legacy = revision === undefined || findRevision(revision)?.era === 'legacy';
    this.#stop = stop;
    this.#settled = settled;
  }

  /** Aborted when nobody waits for the answer any more. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get answered(): boolean {
    return this.#answered;
  }

  /** Why there is no answer although the reply is over. */
  unanswered(): TransportError {
    const reason = `the reply to ${this.request.method} ended without its answer`;
    return this.#defect ?? new TransportError('stream-ended', reason);
  }

  /** To be called when the reply is over. */
  end(): void {
    clearTimeout(this.#linger);
  }

  /** Where a reply goes. One that is `whole` is the answer and nothing else: what is wrong with it, is wrong with the answer. */
  sink(receiver: Receiver, exchange: Exchange, whole: boolean): ReplySink {
    const { id } = this.request;
    const fault = (error: TransportError): void => {
      if (whole || error.inReplyTo === id) {
        this.#settle();
        receiver.fault?.(restated(error, id), exchange);
      } else {
        this.#defect ??= error;
        receiver.fault?.(restated(error, undefined));
      }
    };
    return {
      fault,
      message: (message) => {
        if (this.#answered) return;
        if (isResponse(message)) {
          if (message.id !== id && (message.id ?? null) !== null)
            return fault(foreign(message.id, this.request));
          this.#settle();
        }
        return handOver(receiver, message, exchange);
      },
    };
  }

  #settle(): void {
    this.#answered = true;
    this.#settled();
    this.#linger = setTimeout(() => this.#stop.abort(), LINGER);
  }
}

/** A receiver that throws, which it must not, costs a message and not the link. */
export function handOver(
  receiver: Receiver,
  message: JsonRpcMessage,
  exchange: Exchange,
): void | Promise<void> {
  try {
    return receiver.message(message, exchange)?.catch(ignore);
  } catch {}
}

function foreign(id: unknown, { method, id: own }: JsonRpcRequest): TransportError {
  const reason = `the answer to ${method} carries the id ${JSON.stringify(id)} instead of ${JSON.stringify(own)}`;
  return new TransportError('malformed', reason);
}

/** The same error about our request, or about none: the lane knows better than what came on it. */
function restated(error: TransportError, inReplyTo: RequestId | undefined): TransportError {
  if (error.inReplyTo === inReplyTo) return error;
  const reason = error.message.slice(error.code.length + 2);
  return new TransportError(error.code, reason, {
    cause: error,
    ...(inReplyTo !== undefined && { inReplyTo }),
  });
}

function ignore(): void {}
