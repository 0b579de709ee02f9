/** What no program should see of itself. */
export interface Mishaps {
  /** Unhandled rejections, uncaught exceptions and warnings, in words. */
  readonly seen: readonly string[];
  stop(): void;
}

/** Watches this process for what would end it or fill its log. Whoever watches keeps an exception from ending it. */
export function watchMishaps(): Mishaps {
  const seen: string[] = [];
  const note =
    (kind: string) =>
    (what: unknown): void =>
      void seen.push(`${kind}: ${what instanceof Error ? (what.stack ?? what.message) : typeof what}`);
  const listeners = {
    unhandledRejection: note('unhandledRejection'),
    uncaughtException: note('uncaughtException'),
    warning: note('warning'),
  } as const;
  for (const [event, listener] of Object.entries(listeners)) process.on(event, listener);
  return {
    seen,
    stop() {
      for (const [event, listener] of Object.entries(listeners)) process.off(event, listener);
    },
  };
}
