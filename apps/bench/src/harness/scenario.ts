/** One measurement, made of several contenders side by side. Each file in `scenarios/` exports some. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** What one value is, for the head of the table. */
  readonly unit: string;
  readonly rounds: number;
  readonly contenders: readonly Contender[];
  readonly goals: readonly Goal[];
}

/** One of those who are measured. */
export interface Contender {
  readonly name: string;
  /** Measured in the first round only: so slow that more would take minutes, and so far off that more would tell nothing. */
  readonly once?: boolean;
  /** Gets ready and warm; what it takes is not measured. */
  open(): Promise<Gauge>;
}

/** A contender that is ready. */
export interface Gauge {
  /** Measures once. Rejects if anything was answered wrongly. */
  round(): Promise<number>;
  close(): Promise<void>;
}

/** A bound on a contender's value or, with `against`, on its ratio to another's in the same round. The median counts. */
export interface Goal {
  readonly of: string;
  readonly against?: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** How a run is made. */
export interface Settings {
  /** As little as shows that everything works; the numbers mean nothing. */
  readonly quick: boolean;
  /** The Node that runs what is measured. */
  readonly node: string;
  /** The cores of the machine that a run keeps apart; undefined where processes cannot be pinned. */
  readonly cores: Cores | undefined;
}

export interface Cores {
  readonly driver: number;
  readonly server: number;
}
