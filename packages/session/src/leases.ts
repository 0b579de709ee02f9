import { ErrorCode, RemoteError } from '@trunkline/protocol';
import type { AuthInfo } from '@trunkline/transport';
import { principalOf } from './principal.ts';

/** One taken place. Releasing it twice is harmless. */
export interface Lease {
  release(): void;
}

/** Counts what may be open at once, in all and per principal. */
export class Leases {
  readonly #what: string;
  readonly #max: number;
  readonly #maxPerPrincipal: number;
  readonly #taken = new Map<string, number>();
  #total = 0;

  constructor(what: string, max: number, maxPerPrincipal: number) {
    this.#what = what;
    this.#max = max;
    this.#maxPerPrincipal = maxPerPrincipal;
  }

  /** Takes a place, or throws a `RemoteError` that says the server is busy. The places of anonymous clients are not told apart. */
  take(auth: AuthInfo | undefined): Lease {
    const principal = principalOf(auth);
    const own = this.#taken.get(principal) ?? 0;
    if (this.#total >= this.#max || (auth && own >= this.#maxPerPrincipal)) {
      throw new RemoteError(
        ErrorCode.ServerBusy,
        `too many ${this.#what} are open; close one or try again later`,
      );
    }
    this.#total += 1;
    this.#taken.set(principal, own + 1);
    let held = true;
    return {
      release: () => {
        if (held) this.#give(principal);
        held = false;
      },
    };
  }

  #give(principal: string): void {
    this.#total -= 1;
    const left = (this.#taken.get(principal) ?? 1) - 1;
    if (left > 0) this.#taken.set(principal, left);
    else this.#taken.delete(principal);
  }
}
