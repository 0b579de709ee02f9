/** Calls `due` for each thing a fixed time after it was added. However many there are, they share one timer. */
export class Countdown<Thing> {
  readonly #delay: number;
  readonly #due: (thing: Thing) => void;
  /** When each is due. The delay is the same for all, so the order of insertion is the order in time. */
  readonly #ends = new Map<Thing, number>();
  #timer: unknown;

  constructor(delay: number, due: (thing: Thing) => void) {
    this.#delay = delay;
    this.#due = due;
  }

  /** Begins to count for a thing, anew if it is there already. */
  add(thing: Thing): void {
    if (this.#delay === Infinity) return;
    this.#ends.delete(thing);
    this.#ends.set(thing, performance.now() + this.#delay);
    if (this.#timer === undefined) this.#arm(this.#delay);
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
  #arm(delay: number): void {
    this.#timer = setTimeout(() => this.#check(), delay);
    if (typeof this.#timer === 'object' && this.#timer !== null && 'unref' in this.#timer)
      (this.#timer as { unref(): void }).unref();
  }

  #check(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const [thing, end] of this.#ends) {
      if (end > now) {
        if (this.#timer === undefined) this.#arm(end - now);
        return;
      }
      this.#ends.delete(thing);
      this.#due(thing);
    }
  }
}
