import type { Clock, Timer } from './clock.ts';

/** How far a call has come. `progress` grows with every report; `total` is known or absent. */
export interface Progress {
  readonly progress: number;
  readonly total?: number;
  readonly message?: string;
}

/** Reports that may pass at once, and then per second. https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/progress */
export const PROGRESS_PER_SECOND = 20;

/**
 * Lets progress through in order and at a bounded rate: a burst passes, then the newest report of each interval. Reports
 * that do not grow are dropped. `flush` lets the last held report out; nothing passes after it.
 */
export class ProgressGate {
  readonly #clock: Clock;
  readonly #deliver: (progress: Progress) => Promise<void> | void;
  #last = -Infinity;
  #allowance = PROGRESS_PER_SECOND;
  #refilledAt: number;
  #held: Progress | undefined;
  #timer: Timer | undefined;
  #over = false;

  constructor(clock: Clock, deliver: (progress: Progress) => Promise<void> | void) {
    this.#clock = clock;
    this.#deliver = deliver;
    this.#refilledAt = clock.now();
  }

  /** Takes one report; tells whether it was one. A returned promise is the reader's back-pressure. */
  push(report: Progress): Promise<void> | boolean {
    if (this.#over || !Number.isFinite(report.progress) || report.progress <= this.#last) return false;
    this.#last = report.progress;
    if (this.#takeAllowance()) {
      this.#held = undefined;
      return this.#deliver(report) ?? true;
    }
    this.#held = report;
    this.#timer ??= this.#wait();
    return true;
  }

  /** Ends the gate; the newest held report goes out first. */
  flush(): Promise<void> | void {
    if (this.#over) return;
    this.#over = true;
    this.#timer?.cancel();
    const held = this.#held;
    this.#held = undefined;
    if (held) return this.#deliver(held);
  }

  #wait(): Timer {
    const delay = Math.ceil(((1 - this.#allowance) * 1000) / PROGRESS_PER_SECOND);
    return this.#clock.after(delay, () => this.#release());
  }

  #release(): void {
    this.#timer = undefined;
    const held = this.#held;
    if (!held) return;
    if (!this.#takeAllowance()) {
      this.#timer = this.#wait();
      return;
    }
    this.#held = undefined;
    void Promise.resolve(this.#deliver(held)).catch(() => {});
  }

  #takeAllowance(): boolean {
    const now = this.#clock.now();
    this.#allowance = Math.min(
      PROGRESS_PER_SECOND,
      this.#allowance + ((now - this.#refilledAt) * PROGRESS_PER_SECOND) / 1000,
    );
    this.#refilledAt = now;
    if (this.#allowance < 1) return false;
    this.#allowance -= 1;
    return true;
  }
}
