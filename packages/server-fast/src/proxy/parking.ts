import { ErrorCode, RemoteError } from '@trunkline/protocol';
import type { Clock, Timer } from '@trunkline/session';
import type { OpenCall } from './open-call.ts';

interface Parked {
  readonly call: OpenCall;
  readonly timer: Timer;
}

/** Calls that wait for their callers to come back with an answer. They are never made again. */
export class Parking {
  readonly #clock: Clock;
  readonly #ttl: number;
  readonly #limit: number;
  readonly #parked = new Map<string, Parked>();

  constructor(clock: Clock, ttl: number, limit: number) {
    this.#clock = clock;
    this.#ttl = ttl;
    this.#limit = limit;
  }

  /** Keeps a call for a time; gives the handle by which it is found again. */
  park(call: OpenCall): string {
    if (this.#parked.size >= this.#limit) {
      call.abort(new Error('too many calls wait for an answer'));
      throw new RemoteError(ErrorCode.ServerBusy, `${this.#limit} calls wait for an answer; try again later`);
    }
    const handle = crypto.randomUUID();
    const timer = this.#clock.after(this.#ttl, () => this.#expire(handle));
    timer.hold(false);
    this.#parked.set(handle, { call, timer });
    return handle;
  }

  /** Takes a call back. Throws if it is gone: it is not made a second time. */
  rejoin(handle: string): OpenCall {
    const parked = this.#parked.get(handle);
    if (!parked)
      throw new RemoteError(
        ErrorCode.InvalidParams,
        'the call that waited for this answer is gone; it may have been carried out, and is not made again',
      );
    this.#parked.delete(handle);
    parked.timer.cancel();
    return parked.call;
  }

  close(): void {
    for (const handle of this.#parked.keys()) this.#expire(handle);
  }

  #expire(handle: string): void {
    const parked = this.#parked.get(handle);
    this.#parked.delete(handle);
    parked?.timer.cancel();
    parked?.call.abort(new Error('nobody came back with an answer'));
  }
}
