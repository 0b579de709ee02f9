import { Suspended, systemClock, type Clock } from '@trunkline/session';
import type { Call, Middleware } from '../call.ts';

/** How one call went. */
export interface CallReport {
  readonly kind: Call['kind'];
  readonly name: string;
  /** `suspended` while the caller is asked something: the call goes on with another request. */
  readonly outcome: 'done' | 'failed' | 'error' | 'suspended';
  readonly milliseconds: number;
  readonly requestId: string | number;
  /** What the handler threw; not for strangers. */
  readonly error?: unknown;
}

/** What is logged, and where. */
export interface LoggingOptions {
  /** Takes each report. Never standard output where a server speaks over it. */
  readonly write: (report: CallReport) => void;
  readonly clock?: Clock;
}

/** Reports each call when it is over: what was called, how it went, how long it took. Neither arguments nor results. */
export function logging({ write, clock = systemClock }: LoggingOptions): Middleware {
  return async ({ kind, name, context }, next) => {
    const start = clock.now();
    const report = (outcome: CallReport['outcome'], error?: unknown): void =>
      write({
        kind,
        name,
        outcome,
        milliseconds: clock.now() - start,
        requestId: context.id,
        ...(error !== undefined && { error }),
      });
    try {
      const result = await next();
      if (result['resultType'] === 'input_required') report('suspended');
      else report(result['isError'] === true ? 'failed' : 'done');
      return result;
    } catch (error) {
      if (error instanceof Suspended) report('suspended');
      else report('error', error);
      throw error;
    }
  };
}

/** Reports how long each call took: `record(name, milliseconds)`. */
export function timing(record: (name: string, milliseconds: number) => void, clock?: Clock): Middleware {
  return logging({
    write: ({ name, milliseconds }) => record(name, milliseconds),
    ...(clock && { clock }),
  });
}
