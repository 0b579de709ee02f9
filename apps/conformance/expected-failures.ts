/** A scenario that does not pass yet, and why. A scenario that passes although it is listed fails the run. */
export interface ExpectedFailure {
  readonly side: 'server' | 'client';
  readonly scenario: string;
  readonly reason: string;
}

/** What does not pass yet. The aim is an empty list. */
export const expectedFailures: readonly ExpectedFailure[] = [];
