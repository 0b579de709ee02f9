import type { Bench } from './bench.ts';
import type { Can, Capabilities } from './link.ts';

/** One clause of the contract and how it is checked. */
export interface Case {
  /** The clause, as a sentence about transports that keep it. */
  readonly clause: string;
  /** Why it cannot be checked on this binding, or here; `undefined` when it can. */
  readonly skip?: (can: Capabilities) => string | undefined;
  /** Throws unless the clause holds. */
  readonly run: (bench: Bench) => Promise<void>;
}

/** The first capability that is missing, as a reason to skip. */
export function missing(...needed: readonly Can[]): string | undefined {
  return needed.find((can) => typeof can === 'string');
}

/** The reason to skip a case that is about one ordered channel. */
export function sharedOnly({ lanes }: Capabilities): Can {
  return lanes === 'shared' || 'each request has a lane of its own';
}

/** The reason to skip a case that is about lanes. */
export function lanesOnly({ lanes }: Capabilities): Can {
  return lanes === 'per-request' || 'all messages share one lane';
}
