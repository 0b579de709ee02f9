import type { Clock, Timer } from './clock.ts';

/** Something that must be over by `due`, in the clock's milliseconds. Moving `due` later needs no notice. */
export interface Timed {
  due: number;
}

/** A timer that is this late means the loop was blocked: what waits in the sockets is read before anything is called late. */
const BLOCKED_MS = 100;

/** The longest delay that platform timers keep; a longer one would fire at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** Watches many deadlines with one timer, so that a call that ends in time costs no timer of its own. */
export class Deadlines<Item extends Timed> {
  readonly #clock: Clock;
  readonly #items: () => Iterable<Item>;
  readonly #expire: (item: Item) => void;
  #timer: Timer | undefined;
  #armedFor = Infinity;

  constructor(clock: Clock, items: () => Iterable<Item>, expire: (item: Item) => void) {
    this.#clock = clock;
    this.#items = items;
    this.#expire = expire;
  }

  /** Takes notice of a new item. */
  watch(item: Item): void {
    if (this.#timer && this.#armedFor <= item.due) this.#timer.hold(true);
    else this.#arm(item.due);
  }

  /** No item is left: the timer no longer keeps the process alive. */
  rest(): void {
    this.#timer?.hold(false);
  }

  /** Watches nothing any more. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#armedFor = Infinity;
  }

  #arm(due: number): void {
    this.stop();
    if (due === Infinity) return;
    const now = this.#clock.now();
    const delay = Math.min(Math.max(0, due - now), LONGEST_DELAY_MS);
    this.#armedFor = now + delay;
    this.#timer = this.#clock.after(delay, () => this.#sweep());
  }

  #sweep(): void {
    const now = this.#clock.now();
    if (now - this.#armedFor > BLOCKED_MS) return this.#arm(now);
    let next = Infinity;
    for (const item of this.#items()) {
      if (item.due <= now) this.#expire(item);
      else if (item.due < next) next = item.due;
    }
    this.#arm(next);
  }
}
