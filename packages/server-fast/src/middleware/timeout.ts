import { ErrorCode, RemoteError } from '@trunkline/protocol';
import { systemClock, type Clock } from '@trunkline/session';
import type { Call, Middleware } from '../call.ts';
import { textContent } from '../content.ts';

/** How long calls may take. */
export interface TimeoutOptions {
  /** Milliseconds of one run of a handler; waiting for a legacy client's answer counts. */
  readonly after: number | ((call: Call) => number);
  readonly clock?: Clock;
}

/**
 * Answers for a handler that takes too long: the model is told, other calls fail. The handler is not stopped by it; the
 * server's `limits.maxDuration` aborts its signal.
 */
export function timeout({ after, clock = systemClock }: TimeoutOptions): Middleware {
  return async (call, next) => {
    const milliseconds = typeof after === 'function' ? after(call) : after;
    let timer: ReturnType<Clock['after']> | undefined;
    const over = new Promise<undefined>((resolve) => {
      timer = clock.after(milliseconds, () => resolve(undefined));
    });
    const running = next();
    // What comes too late is nobody's business.
    running.catch(() => {});
    try {
      const result = await Promise.race([running, over]);
      if (result) return result;
    } finally {
      timer?.cancel();
    }
    const text = `${call.name} took longer than ${milliseconds} ms.`;
    if (call.kind === 'tool') return { content: [textContent(text)], isError: true };
    throw new RemoteError(ErrorCode.InternalError, text);
  };
}
