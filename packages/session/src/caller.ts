import {
  isErrorResponse,
  isMcpError,
  MetaKey,
  ProtocolError,
  RemoteError,
  type JsonObject,
  type JsonRpcNotification,
  type JsonRpcRequest,
  type JsonRpcResponse,
  type RequestId,
} from '@trunkline/protocol';
import type { Exchange, SendOptions, Transport, TransportClosed, TransportError } from '@trunkline/transport';
import type { Clock } from './clock.ts';
import { Deadlines, type Timed } from './deadlines.ts';
import { callListener } from './call-listener.ts';
import { onAbort } from './on-abort.ts';
import { ProgressGate, type Progress } from './progress.ts';
import { SessionError } from './session-error.ts';

/** How one outbound request is to be made. */
export interface OutboundOptions {
  /** Gives up on the request; the promise rejects with the signal's reason and the peer is told. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without an answer or progress after which the call fails. 60,000 unless given; `Infinity` waits for ever. */
  readonly timeout?: number | undefined;
  /** Milliseconds after which the call fails whatever progress it reports. 600,000 unless given, or `timeout` if that is longer. */
  readonly maxTotalTimeout?: number | undefined;
  /** The call stays open until either side ends it: `timeout` is for the first notification on its lane. */
  readonly openEnded?: boolean | undefined;
  /** Hears how far the call has come, at most twenty times a second. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** What this request's binding is to be told beside: fields that bindings add to `SendOptions`, and values to mirror. */
  readonly send?: Omit<SendOptions, 'signal' | 'revision'> | undefined;
  /** Hears the other notifications that belong to this request, where the lane tells. */
  readonly onNotification?: ((notification: JsonRpcNotification) => void) | undefined;
}

/** What only the session knows of an outbound request. */
export interface OutboundPlan {
  readonly options: OutboundOptions;
  /** How the peer is told that nobody waits any more; `undefined` where the lane says it. */
  readonly cancel: (id: RequestId, reason: string) => JsonRpcNotification | undefined;
  readonly revision?: string | undefined;
  /** The lane to send on instead of the link's own. */
  readonly via?: Exchange | undefined;
}

/** Limits of {@link Caller}. */
export interface CallerOptions {
  readonly clock: Clock;
  /** Calls that may be open at once; more are refused as `overloaded`. */
  readonly maxPending?: number | undefined;
  /** Hears what the listeners of a call throw. */
  readonly onError: (error: unknown, method: string) => void;
}

interface Pending extends Timed {
  readonly id: RequestId;
  readonly method: string;
  readonly plan: OutboundPlan;
  readonly idle: number;
  readonly ceiling: number;
  readonly startedAt: number;
  readonly resolve: (result: JsonObject) => void;
  readonly reject: (error: unknown) => void;
  readonly lane: AbortController | undefined;
  readonly forgetAbort: (() => void) | undefined;
  progress: ProgressGate | undefined;
}

const DEFAULT_TIMEOUT = 60_000;
const DEFAULT_MAX_TOTAL = 600_000;
const DEFAULT_MAX_PENDING = 10_000;
const MAX_REASON = 64 * 1024;

/** The outbound half of one link: mints ids, waits for the answers, and settles every call exactly once. */
export class Caller {
  readonly #link: Transport;
  readonly #clock: Clock;
  readonly #maxPending: number;
  readonly #onError: CallerOptions['onError'];
  readonly #pending = new Map<RequestId, Pending>();
  readonly #deadlines: Deadlines<Pending>;
  #minted = 0;
  #lost: TransportClosed | undefined;

  constructor(link: Transport, options: CallerOptions) {
    this.#link = link;
    this.#clock = options.clock;
    this.#maxPending = options.maxPending ?? DEFAULT_MAX_PENDING;
    this.#onError = options.onError;
    this.#deadlines = new Deadlines(
      this.#clock,
      () => this.#pending.values(),
      (pending) => this.#expire(pending),
    );
  }

  /** How many calls wait for their answer. */
  get open(): number {
    return this.#pending.size;
  }

  /** Sends a request and resolves with the result as it came. Rejects with a `RemoteError`, a typed local error, or the signal's reason. */
  call(method: string, params: JsonObject | undefined, plan: OutboundPlan): Promise<JsonObject> {
    const { signal } = plan.options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#lost) return Promise.reject(linkLost(method, this.#lost, 'not-sent'));
    if (this.#pending.size >= this.#maxPending) {
      return Promise.reject(
        new SessionError(
          'overloaded',
          `${method}: ${this.#maxPending} calls are open already; await some first`,
        ),
      );
    }
    return new Promise((resolve, reject) => {
      const pending = this.#register(method, plan, resolve, reject);
      const request: JsonRpcRequest = {
        jsonrpc: '2.0',
        id: pending.id,
        method,
        params: withToken(params, pending.id),
      };
      this.#dispatch(request, pending).catch((error: unknown) =>
        this.#reject(pending.id, this.#sendFailure(method, error)),
      );
    });
  }

  /** Takes an answer; `false` if nobody waits for it. */
  settle(response: JsonRpcResponse, inReplyTo?: RequestId): boolean {
    const id = response.id ?? inReplyTo;
    const pending = id === undefined ? undefined : this.#take(id);
    if (!pending) {
      if (inReplyTo === undefined) return false;
      return this.#reject(
        inReplyTo,
        new ProtocolError('unknown-id', `the answer to request ${inReplyTo} carries the id ${String(id)}`),
      );
    }
    if (isErrorResponse(response)) {
      const { code, message, data } = response.error;
      pending.reject(new RemoteError(code, message.slice(0, MAX_REASON), data));
    } else {
      pending.resolve(response.result);
    }
    return true;
  }

  /** Fails a call whose answer cannot come any more. */
  fail(id: RequestId, cause: Error): boolean {
    const pending = this.#pending.get(id);
    return (
      pending !== undefined &&
      this.#reject(
        id,
        isOver(cause) ? linkLost(pending.method, { by: 'remote', cause }, cause.delivery) : cause,
      )
    );
  }

  /** Whether an id was ever ours: an answer to it is late, not foreign. */
  minted(id: RequestId): boolean {
    return typeof id === 'number' && id > 0 && id <= this.#minted;
  }

  /** Takes a progress notification; `false` if its token is not that of an open call. */
  progress(params: JsonObject): boolean {
    const pending = this.#pending.get(params['progressToken'] as RequestId);
    if (!pending) return false;
    const { onProgress } = pending.plan.options;
    pending.progress ??= new ProgressGate(this.#clock, (progress) =>
      this.#tellListener(pending, () => onProgress?.(progress)),
    );
    if (pending.progress.push(progressOf(params)) !== false && pending.due !== Infinity) {
      pending.due = Math.min(this.#clock.now() + pending.idle, pending.ceiling);
    }
    return true;
  }

  /** Gives a notification to the call whose lane it came on; `false` if that call does not listen. */
  notify(id: RequestId, notification: JsonRpcNotification): boolean {
    const pending = this.#pending.get(id);
    const listener = pending?.plan.options.onNotification;
    if (!pending || !listener) return false;
    if (pending.plan.options.openEnded) pending.due = Infinity;
    this.#tellListener(pending, () => listener(notification));
    return true;
  }

  /** The link is gone: every open call fails, and every later one. */
  close(closed: TransportClosed): void {
    this.#lost ??= closed;
    for (const pending of [...this.#pending.values()])
      this.#reject(pending.id, linkLost(pending.method, closed, 'unknown'));
    this.#deadlines.stop();
  }

  #register(
    method: string,
    plan: OutboundPlan,
    resolve: Pending['resolve'],
    reject: Pending['reject'],
  ): Pending {
    const { signal, timeout = DEFAULT_TIMEOUT } = plan.options;
    const { openEnded, maxTotalTimeout = Math.max(timeout, openEnded ? Infinity : DEFAULT_MAX_TOTAL) } =
      plan.options;
    const id = ++this.#minted;
    const startedAt = this.#clock.now();
    const ceiling = startedAt + maxTotalTimeout;
    const giveUp = (): void => this.#giveUp(id, signal?.reason, 'the caller gave up');
    const pending: Pending = {
      id,
      method,
      plan,
      idle: timeout,
      ceiling,
      startedAt,
      due: Math.min(startedAt + timeout, ceiling),
      resolve,
      reject,
      lane: this.#link.binding.lanes === 'per-request' ? new AbortController() : undefined,
      forgetAbort: signal && onAbort(signal, giveUp),
      progress: undefined,
    };
    this.#pending.set(id, pending);
    this.#deadlines.watch(pending);
    return pending;
  }

  #dispatch(request: JsonRpcRequest, { plan, lane }: Pending): Promise<void> {
    if (plan.via) return plan.via.send(request);
    const signal = lane?.signal ?? plan.options.signal;
    return this.#link.send(request, {
      ...plan.options.send,
      ...(signal && { signal }),
      ...(plan.revision !== undefined && { revision: plan.revision }),
    });
  }

  #expire(pending: Pending): void {
    const waited = Math.round(this.#clock.now() - pending.startedAt);
    const error = new SessionError(
      'timed-out',
      `${pending.method} got no answer within ${waited} ms; pass a larger timeout if it needs longer`,
      {
        delivery: 'unknown',
      },
    );
    this.#giveUp(pending.id, error, 'timed out');
  }

  #giveUp(id: RequestId, error: unknown, reason: string): void {
    const pending = this.#take(id);
    if (!pending) return;
    pending.reject(error);
    const notice = pending.plan.cancel(id, reason);
    if (notice) void this.#tell(notice, pending.plan);
    pending.lane?.abort(error);
  }

  #tell(notice: JsonRpcNotification, { via, revision }: OutboundPlan): Promise<void> {
    const sent = via ? via.send(notice) : this.#link.send(notice, revision === undefined ? {} : { revision });
    return sent.catch(() => {});
  }

  #reject(id: RequestId, error: unknown): boolean {
    const pending = this.#take(id);
    pending?.reject(error);
    return pending !== undefined;
  }

  #take(id: RequestId): Pending | undefined {
    const pending = this.#pending.get(id);
    if (!pending) return undefined;
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#deadlines.rest();
    pending.forgetAbort?.();
    void pending.progress?.flush();
    return pending;
  }

  #tellListener({ method }: Pending, listener: () => unknown): void {
    callListener(listener, (error) => this.#onError(error, method));
  }

  #sendFailure(method: string, error: unknown): unknown {
    return isOver(error) ? linkLost(method, { by: 'remote', cause: error }, error.delivery) : error;
  }
}

/** The link or the lane is over, in contrast to a message that was turned away. */
function isOver(error: unknown): error is TransportError {
  if (!isMcpError(error, 'TransportError')) return false;
  return error.code === 'closed' || error.code === 'exited' || error.code === 'stream-ended';
}

function linkLost(
  method: string,
  closed: TransportClosed,
  delivery: 'not-sent' | 'unknown' | 'answered',
): SessionError {
  const why = closed.cause
    ? closed.cause.message
    : `the ${closed.by === 'local' ? 'link was closed here' : 'peer closed the link'}`;
  return new SessionError('link-lost', `${method} was not answered: ${why}`, {
    cause: closed.cause,
    delivery,
  });
}

function withToken(params: JsonObject | undefined, token: RequestId): JsonObject {
  const meta = params?.['_meta'] as JsonObject | undefined;
  return { ...params, _meta: { ...meta, progressToken: token } };
}

function progressOf(params: JsonObject): Progress {
  const { progress, total, message } = params;
  return {
    progress: typeof progress === 'number' ? progress : NaN,
    ...(typeof total === 'number' && { total }),
    ...(typeof message === 'string' && { message }),
  };
}

/** Tells the peer over a shared lane that nobody waits for an answer any more. https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/cancellation */
export function cancelledNotification(requestId: RequestId, reason: string): JsonRpcNotification {
  return { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId, reason } };
}

/** The subscription that a notification belongs to, where it says so. */
export function subscriptionOf(notification: JsonRpcNotification): RequestId | undefined {
  const meta = notification.params?.['_meta'];
  return (meta as JsonObject | undefined)?.[MetaKey.subscriptionId] as RequestId | undefined;
}
