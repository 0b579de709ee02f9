import {
  ErrorCode,
  isMcpError,
  isRemoteError,
  missingRequiredClientCapability,
  RemoteError,
  type JsonObject,
  type JsonRpcError,
  type JsonRpcResultResponse,
  type RequestId,
} from '@trunkline/protocol';
import type { EncodedResponse, Exchange } from '@trunkline/transport';
import type { Clock } from './clock.ts';
import { Deadlines, type Timed } from './deadlines.ts';
import { isSessionError } from './session-error.ts';
import { isThenable } from './thenable.ts';

/** One inbound request: what is done for it, and how its outcome is written. */
export interface Inbound extends Timed {
  readonly id: RequestId;
  readonly method: string;
  readonly exchange: Exchange;
  /** Whether the request counts against the limit and must end in time. */
  readonly bounded: boolean;
  /** Whether the peer may give up on it. */
  readonly cancellable: boolean;
  readonly aborted: boolean;
  run(): unknown;
  abort(reason: unknown): void;
  /** Sends what must precede the answer. */
  flush(): Promise<void> | void;
  /** The answer that carries a result. Throws if the result cannot be written. */
  answer(result: JsonObject): JsonRpcResultResponse | EncodedResponse;
  encodeError(error: JsonRpcError): JsonRpcError;
}

/** Limits of a {@link Dispatcher}. */
export interface DispatcherOptions {
  readonly clock: Clock;
  /** Handlers that may run at once; more requests are answered as busy. */
  readonly maxRunning: number;
  /** Milliseconds after which a handler is told to stop and its request fails. */
  readonly maxDuration: number;
  /** Hears of everything that the peer is not told: what a handler threw, what could not be sent. */
  readonly onError: (error: unknown, method: string) => void;
}

/** The inbound half: runs handlers within bounds, tells them to stop, and answers every request exactly once or not at all. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #running = new Map<unknown, Inbound>();
  readonly #deadlines: Deadlines<Inbound>;
  readonly #idle: (() => void)[] = [];
  #bounded = 0;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#deadlines = new Deadlines(
      options.clock,
      () => this.#running.values(),
      (request) => this.#expire(request),
    );
  }

  /** How many requests are being handled. */
  get open(): number {
    return this.#running.size;
  }

  /** Runs a request. `key` tells it from the others that run here: its id on a link, its exchange where it stands alone. */
  run(key: unknown, request: Inbound): void {
    if (this.#running.has(key))
      return this.refuse(
        request,
        ErrorCode.InvalidRequest,
        `a request with the id ${JSON.stringify(request.id)} is running`,
      );
    if (request.bounded && this.#bounded >= this.#options.maxRunning) {
      return this.refuse(
        request,
        ErrorCode.ServerBusy,
        `busy: ${this.#options.maxRunning} requests are running; try again later`,
      );
    }
    this.#enter(key, request);
    let outcome: unknown;
    let later: Promise<unknown> | undefined;
    try {
      outcome = request.run();
      // Whatever a foreign `then` does, a promise of our own settles once.
      if (isThenable(outcome)) later = Promise.resolve(outcome);
    } catch (error) {
      return this.#fail(key, request, error);
    }
    if (!later) return this.#succeed(key, request, outcome);
    this.#watch(request);
    later.then(
      (result) => this.#succeed(key, request, result),
      (error: unknown) => this.#fail(key, request, error),
    );
  }

  /** Answers a request with an error without running it. */
  refuse(request: Inbound, code: number, message: string): void {
    this.#send(request, { code, message });
  }

  /** The peer gave up on a request: its handler is told, and no answer follows. Unknown keys are ignored. */
  cancel(key: unknown, reason: unknown): void {
    const request = this.#running.get(key);
    if (!request?.cancellable) return;
    request.abort(reason);
    request.exchange.end();
  }

  /** Nobody can hear any answer any more: what runs is told to stop, and no time is kept for it. */
  abortAll(reason: unknown): void {
    for (const request of this.#running.values()) request.abort(reason);
    this.#deadlines.stop();
  }

  /** Resolves when no request is being handled. */
  idle(): Promise<void> {
    if (this.#running.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #enter(key: unknown, request: Inbound): void {
    this.#running.set(key, request);
    if (request.bounded) this.#bounded += 1;
  }

  /** Handlers that are done at once, most of them, need no deadline. */
  #watch(request: Inbound): void {
    if (!request.bounded || request.aborted) return;
    request.due = this.#options.clock.now() + this.#options.maxDuration;
    this.#deadlines.watch(request);
  }

  /** `false` if the request is over already, because its time was. */
  #leave(key: unknown, request: Inbound): boolean {
    if (this.#running.get(key) !== request) return false;
    this.#running.delete(key);
    if (request.bounded) this.#bounded -= 1;
    if (this.#running.size > 0) return true;
    this.#deadlines.rest();
    for (const resolve of this.#idle.splice(0)) resolve();
    return true;
  }

  #succeed(key: unknown, request: Inbound, result: unknown): void {
    if (!this.#leave(key, request) || request.aborted) return;
    if (typeof result !== 'object' || result === null || Array.isArray(result)) {
      return this.#reject(
        request,
        new Error(
          `the handler of ${request.method} returned ${result === null ? 'null' : typeof result}, not a result object`,
        ),
      );
    }
    let answer: JsonRpcResultResponse | EncodedResponse;
    try {
      answer = request.answer(result as JsonObject);
    } catch (error) {
      return this.#reject(request, error);
    }
    flushed(request, () => this.#answer(request, answer));
  }

  #answer(request: Inbound, answer: JsonRpcResultResponse | EncodedResponse): void {
    request.exchange.send(answer).catch((error: unknown) => {
      // A result that cannot be written must not leave the peer waiting.
      if (!request.aborted && !isGone(error)) this.#reject(request, error);
    });
  }

  #fail(key: unknown, request: Inbound, error: unknown): void {
    if (this.#leave(key, request) && !request.aborted) this.#reject(request, error);
  }

  #reject(request: Inbound, error: unknown): void {
    const answer = answerFor(error);
    if (!answer) this.#options.onError(error, request.method);
    flushed(request, () => this.#send(request, answer ?? INTERNAL_ERROR));
  }

  #send(request: Inbound, error: JsonRpcError): void {
    const response = { jsonrpc: '2.0' as const, id: request.id, error: request.encodeError(error) };
    request.exchange.send(response).catch((cause: unknown) => {
      if (isGone(cause)) return;
      this.#options.onError(cause, request.method);
      // Data that cannot be written must not leave the peer waiting either.
      if (error.data !== undefined) this.#send(request, INTERNAL_ERROR);
    });
  }

  #expire(request: Inbound): void {
    const seconds = Math.round(this.#options.maxDuration / 1000);
    const error = new RemoteError(ErrorCode.InternalError, `${request.method} took longer than ${seconds} s`);
    this.#options.onError(error, request.method);
    for (const [key, candidate] of this.#running) {
      if (candidate === request) this.#leave(key, request);
    }
    if (request.aborted) return;
    request.abort(error);
    this.#send(request, error.toJSON());
  }
}

const INTERNAL_ERROR: JsonRpcError = { code: ErrorCode.InternalError, message: 'Internal error' };

/** Sends an answer behind everything that the handler said before. */
function flushed(request: Inbound, send: () => void): void {
  const held = request.flush();
  if (held) void held.catch(() => {}).then(send);
  else send();
}

/** Nobody is there any more, which the link reports itself. */
function isGone(error: unknown): boolean {
  return isMcpError(error, 'TransportError') && error.code === 'closed';
}

/** What the peer is told of an error; `undefined` if it is none of its business. */
function answerFor(error: unknown): JsonRpcError | undefined {
  try {
    if (isRemoteError(error)) return error.toJSON();
    if (isSessionError(error) && error.required)
      return missingRequiredClientCapability(error.required).toJSON();
    return undefined;
  } catch {
    return undefined;
  }
}
