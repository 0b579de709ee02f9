import type { MemoryLink } from './memory.ts';

/**
 * A process of its own for one contender of the memory scenarios, so that none meets a heap or code that another warmed up.
 * Told a number of calls it makes them, one at a time, checks every sum, and answers with the milliseconds it took.
 */
const contender = (await import(String(process.argv[2]))) as {
  connect(options: object): Promise<MemoryLink>;
};
const link = await contender.connect(JSON.parse(process.argv[3] ?? '{}') as object);

process.on('message', (calls: number) => void run(calls));
process.on('disconnect', () => void link.close());
process.send?.('ready');

async function run(calls: number): Promise<void> {
  const started = performance.now();
  for (let a = 0; a < calls; a++) {
    const sum = await link.call(a, 1);
    if (sum !== a + 1) throw new Error(`${a} + 1 was answered with ${sum}`);
  }
  process.send?.(performance.now() - started);
}
