import type { Listening } from '@trunkline/transport';

/** Something to be closed together with what listens, such as the server itself. */
export interface Closable {
  close?(): Promise<void>;
}

/** Resolves when nothing is listened to any more. SIGTERM and SIGINT end it in good order; a second signal ends the process. */
export async function runUntilSignal(listening: Listening, server: Closable): Promise<void> {
  let signals = 0;
  const end = (): void => {
    signals += 1;
    if (signals > 1) process.exit(1);
    // What is open for good, such as a subscription, ends only when the server says so.
    void server.close?.();
    void listening.close();
  };
  for (const signal of SIGNALS) process.on(signal, end);
  try {
    await listening.closed;
  } finally {
    for (const signal of SIGNALS) process.off(signal, end);
  }
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
