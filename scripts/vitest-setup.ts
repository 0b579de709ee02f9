import { setTimeout as wait } from 'node:timers/promises';
import { afterAll } from 'vitest';

// A test that prints is a failed test: what it wants to say belongs in an assertion.
for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
  console[method] = (...args: readonly unknown[]) => {
    throw new Error(`console.${method} in a test: ${args.map(String).join(' ')}`);
  };
}

// What a test file leaves open would keep a user's process alive too.
afterAll(async () => {
  for (let tries = 40; tries > 0 && openHandles().length > 0; tries -= 1) await wait(50);
  const left = openHandles();
  if (left.length > 0) throw new Error(`left open by this file: ${left.join(', ')}`);
});

const watched = [
  'Timeout',
  'Immediate',
  'TCPServerWrap',
  'TCPSocketWrap',
  'ProcessWrap',
  'HTTPINCOMINGMESSAGE',
];

function openHandles(): readonly string[] {
  return process.getActiveResourcesInfo().filter((kind) => watched.includes(kind));
}
