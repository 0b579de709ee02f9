import type { AuthInfo } from '@trunkline/transport';
import { principalOf } from './principal.ts';

/** How many {@link Places} there are. */
export interface PlaceLimits {
  readonly all: number;
  /** For one principal; anonymous ones are not told apart, so they only count together. */
  readonly perPrincipal: number;
}

/** Bounds what clients keep open: sessions, connections. */
export class Places {
  readonly #limits: PlaceLimits;
  readonly #taken = new Map<string, number>();
  #total = 0;

  constructor(limits: PlaceLimits) {
    this.#limits = limits;
  }

  /** How many are taken. */
  get taken(): number {
    return this.#total;
  }

  /** Takes a place and returns how to leave it, once; or the status that says that all (503) or those of this principal (429) are taken. */
  take(auth: AuthInfo | undefined): (() => void) | 429 | 503 {
    const principal = principalOf(auth);
    const own = this.#taken.get(principal) ?? 0;
    if (this.#total >= this.#limits.all) return 503;
    if (auth && own >= this.#limits.perPrincipal) return 429;
    this.#total += 1;
    this.#taken.set(principal, own + 1);
    return () => this.#leave(principal);
  }

  #leave(principal: string): void {
    this.#total -= 1;
    const left = (this.#taken.get(principal) ?? 1) - 1;
    if (left > 0) this.#taken.set(principal, left);
    else this.#taken.delete(principal);
  }
}
