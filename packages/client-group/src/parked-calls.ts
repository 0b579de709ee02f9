import type { Clock, Timer } from '@trunkline/session';
import { GroupError } from './group-error.ts';
import type { RelayedCall } from './relayed-call.ts';

/** Keeps calls open that wait for their caller to come back with answers. Bounded in number and time. */
export class ParkedCalls {
  readonly #parked = new Map<string, { readonly call: RelayedCall; readonly timer: Timer }>();
  readonly #clock: Clock;
  readonly #max: number;
  readonly #ttl: number;

  constructor(clock: Clock, { max, ttl }: { readonly max: number; readonly ttl: number }) {
    this.#clock = clock;
    this.#max = max;
    this.#ttl = ttl;
  }

  get size(): number {
    return this.#parked.size;
  }

  /** Parks a call and gives the handle it is fetched with. */
  park(call: RelayedCall): string {
    if (this.#parked.size >= this.#max) {
      const full = new GroupError('misuse', `${this.#max} relayed calls wait for answers already`);
      call.end(full);
      throw full;
    }
    const handle = crypto.randomUUID();
    const timer = this.#clock.after(this.#ttl, () => {
      this.take(handle)?.end(new GroupError('call-gone', 'nobody came back with the answers in time'));
    });
    timer.hold(false);
    this.#parked.set(handle, { call, timer });
    return handle;
  }

  /** The call that was parked under a handle, once. */
  take(handle: string): RelayedCall | undefined {
    const parked = this.#parked.get(handle);
    this.#parked.delete(handle);
    parked?.timer.cancel();
    return parked?.call;
  }

  /** Gives up on all. */
  clear(reason: unknown): void {
    for (const handle of [...this.#parked.keys()]) this.take(handle)?.end(reason);
  }
}
