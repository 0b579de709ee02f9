import type { Store } from '../store.ts';

/** One store under test, empty and made fresh for every case. */
export interface StoreUnderTest {
  readonly store: Store;
  /** The same state as another process would see it; the store itself where it is alone. */
  readonly other: Store;
  /** Lets this many milliseconds pass for what expires: a fake clock's, or real ones. */
  readonly advance: (milliseconds: number) => Promise<void> | void;
  /** Releases what closing the two stores does not. */
  release?(): Promise<void> | void;
}

/** Makes a fresh store. No two of them share any state. */
export type StoreSetup = () => Promise<StoreUnderTest> | StoreUnderTest;

/** One thing that a store must do. */
export interface Case {
  readonly name: string;
  /** Left out where things do not expire on time. */
  readonly needsExpiry?: true;
  run(bench: StoreUnderTest): Promise<void>;
}

/** Throws unless the claim holds. */
export function check(holds: boolean, claim: string): asserts holds {
  if (!holds) throw new Error(claim);
}

/** Throws unless two JSON values are the same. */
export function same(actual: unknown, expected: unknown, claim: string): void {
  const [left, right] = [JSON.stringify(actual) ?? 'undefined', JSON.stringify(expected) ?? 'undefined'];
  check(left === right, `${claim}: expected ${right.slice(0, 200)}, got ${left.slice(0, 200)}`);
}

/** Waits until something is so, for at most two seconds. */
export async function eventually(holds: () => boolean, claim: string): Promise<void> {
  const patience = Date.now() + 2_000;
  while (!holds()) {
    check(Date.now() < patience, claim);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
