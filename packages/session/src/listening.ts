import type { SubscriptionFilter } from '@trunkline/protocol';
import type { Change } from './subscriptions.ts';

/** What to follow, and until when. */
export interface ListenOptions {
  readonly filter: SubscriptionFilter;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A subscription as its owner sees it: iterate it for changes. Changes that were not taken yet are kept as a set, so a slow
 * reader costs one entry per thing followed. The iteration ends when the subscription does; it throws if the link was lost.
 */
export interface Listening extends AsyncIterable<Change> {
  /** What the server agreed to report. */
  readonly filter: SubscriptionFilter;
  /** Resolves when the subscription is over: with `undefined` if either side ended it, with the error that broke it else. */
  readonly ended: Promise<Error | undefined>;
  /** Ends the subscription. Idempotent, never rejects. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The writing end of a {@link Listening}. */
export interface ListeningSource {
  readonly listening: Listening;
  readonly push: (change: Change) => void;
  readonly end: (error?: Error) => void;
}

/** Makes a subscription whose owner reads what `push` writes. `stop` is called once, when the owner closes it. */
export function createListening(
  filter: SubscriptionFilter,
  stop: () => Promise<void> | void,
): ListeningSource {
  const changes = new Map<string, Change>();
  const waiting = new Set<() => void>();
  let over: { readonly error: Error | undefined } | undefined;
  let settle: (error: Error | undefined) => void = () => {};
  const ended = new Promise<Error | undefined>((resolve) => (settle = resolve));
  const wake = (): void => {
    for (const go of waiting) go();
    waiting.clear();
  };
  const end = (error?: Error): void => {
    over ??= { error };
    settle(over.error);
    wake();
  };
  const close = async (): Promise<void> => {
    if (over) return;
    end();
    await Promise.resolve(stop()).catch(() => {});
  };
  async function* iterate(): AsyncGenerator<Change, void, undefined> {
    try {
      for (;;) {
        for (const [key, change] of changes) {
          changes.delete(key);
          yield change;
        }
        if (over?.error) throw over.error;
        if (over) return;
        await new Promise<void>((resolve) => waiting.add(resolve));
      }
    } finally {
      await close();
    }
  }
  return {
    listening: { filter, ended, close, [Symbol.asyncDispose]: close, [Symbol.asyncIterator]: iterate },
    push(change) {
      if (over) return;
      changes.set(change.kind === 'resource' ? `resource ${change.uri}` : change.kind, change);
      wake();
    },
    end,
  };
}
