/** One leg of the tour: who talked to whom, how, and what came of it. */
export interface Leg {
  readonly client: string;
  readonly server: string;
  readonly transport: string;
  readonly era: string;
  /** The revision's date; unknown when the peer does not say. */
  readonly revision: string;
  readonly calls: readonly CallRecord[];
  /** Why the leg failed, if it did. */
  readonly failure?: string;
}

/** One call of a leg. */
export interface CallRecord {
  readonly what: string;
  /** What came back, in a few words. */
  readonly outcome: string;
  readonly milliseconds: number;
}

/** One stop of the tour, which may have several legs. */
export interface Stop {
  readonly title: string;
  readonly legs: () => AsyncIterable<Leg>;
}

/** Notes what calls did and how long they took. */
export class Logbook {
  readonly calls: CallRecord[] = [];

  /** Makes a call and notes it; `outcome` puts its result in a few words and throws if it is not what it should be. */
  async note<Result>(
    what: string,
    call: () => Promise<Result>,
    outcome: (result: Result) => string,
  ): Promise<Result> {
    const startedAt = performance.now();
    const result = await call();
    const milliseconds = performance.now() - startedAt;
    this.calls.push({ what, outcome: outcome(result), milliseconds });
    return result;
  }
}

/** Ends a stop with a plain sentence when something is not as it should be. */
export function expected(condition: boolean, sentence: string): void {
  if (!condition) throw new Error(sentence);
}
