import { check, type Case, type StoreSetup } from './bench.ts';
import { keyCases } from './cases/keys.ts';
import { logCases } from './cases/logs.ts';
import { topicCases } from './cases/topics.ts';
import { isStoreError } from '../store-error.ts';

/** The two functions of a test runner that are needed. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => void;
  readonly test: (name: string, body: () => Promise<void>) => void;
}

/** What a store can do, said once. A reason in place of `true` leaves the cases out that need more. */
export interface StoreCapabilities {
  /** Things expire on time. */
  readonly expiry: true | string;
}

/** Registers the cases that every store must pass. Each builds its own store and releases it. */
export function storeCompliance(
  name: string,
  setup: StoreSetup,
  capabilities: StoreCapabilities,
  { describe, test }: TestRunner,
): void {
  const { expiry } = capabilities;
  for (const [topic, cases] of [
    ['keys', keyCases],
    ['logs', logCases],
    ['topics', topicCases],
    ['closing', closingCases],
  ] as const) {
    const run = cases.filter((one) => expiry === true || !one.needsExpiry);
    const missing = run.length < cases.length ? `, ${cases.length - run.length} left out: ${expiry}` : '';
    describe(`${name}: ${topic}${missing}`, () => {
      for (const one of run) test(one.name, () => runCase(one, setup));
    });
  }
}

async function runCase(one: Case, setup: StoreSetup): Promise<void> {
  const bench = await setup();
  try {
    await one.run(bench);
  } finally {
    await bench.store.close();
    await bench.other.close();
    await bench.release?.();
  }
}

const closingCases: readonly Case[] = [
  {
    name: 'closing twice is harmless, and nothing is done afterwards',
    async run({ store }) {
      await store.close();
      await store.close();
      for (const use of [() => store.get('k'), () => store.append('l', 'x'), () => store.publish('t', 'm')]) {
        const error: unknown = await use().then(
          () => undefined,
          (reason: unknown) => reason,
        );
        check(
          isStoreError(error) && error.code === 'closed',
          `a closed store answered with ${String(error)}`,
        );
      }
    },
  },
];
