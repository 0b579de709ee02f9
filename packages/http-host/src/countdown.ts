const LATE = 1_000;

/** Calls `due` for each thing a fixed time after it was added. However many there are, they share one timer. */
export class Countdown<Thing> {
  readonly #delay: number;
  readonly #due: (thing: Thing) => void;
  /** When each is due. The delay is the same for all, so the order of insertion is the order in time. */
  readonly #ends = new Map<Thing, number>();
  #timer: unknown;
  /** When the timer fires. */
  #alarm = 0;

  constructor(delay: number, due: (thing: Thing) => void) {
    this.#delay = delay;
    this.#due = due;
  }

  /** Begins to count for a thing, anew if it is there already. */
  add(thing: Thing): void {
    if (this.#delay === Infinity) return;
    const now = performance.now();
    this.#ends.delete(thing);
    this.#ends.set(thing, now + this.#delay);
    // Some platforms drop the timers of a request that is over.
    if (this.#timer === undefined || now > this.#alarm + LATE)
      this.#arm(this.#ends.values().next().value ?? now);
  }

  delete(thing: Thing): void {
    this.#ends.delete(thing);
  }

  clear(): void {
    this.#ends.clear();
    clearTimeout(this.#timer as number);
    this.#timer = undefined;
  }

  /** A countdown alone is no reason for a process to stay. */
  #arm(alarm: number): void {
    this.#alarm = alarm;
    this.#timer = setTimeout(() => this.#check(), Math.max(0, alarm - performance.now()));
    if (typeof this.#timer === 'object' && this.#timer !== null && 'unref' in this.#timer)
      (this.#timer as { unref(): void }).unref();
  }

  #check(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const [thing, end] of this.#ends) {
      if (end > now) {
        if (this.#timer === undefined) this.#arm(end);
        return;
      }
      this.#ends.delete(thing);
      this.#due(thing);
    }
  }
}
