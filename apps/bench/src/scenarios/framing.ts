import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ReadBuffer as OfficialBuffer2 } from '@modelcontextprotocol/client';
import { ReadBuffer as OfficialBuffer1 } from '@modelcontextprotocol/sdk/shared/stdio.js';
import { stdioServer } from '@trunkline/transport-stdio';
import type { Contender, Scenario, Settings } from '../harness/scenario.ts';

/** How long the event loop stands still while a long line comes in in small chunks that are all there at once. */
export function framingScenarios(settings: Settings): readonly Scenario[] {
  return [
    {
      name: 'stdio-long-line',
      title: 'stdio framing, an 8 MiB line in 1 KiB chunks, longest block of the event loop',
      unit: 'ms',
      rounds: settings.quick ? 1 : 15,
      contenders: settings.quick ? [TRUNKLINE] : [TRUNKLINE, ...OFFICIAL],
      goals: [{ of: 'Trunkline', atMost: 50 }],
    },
  ];
}

const LINE_BYTES = 8 * 1024 * 1024;
const CHUNK_BYTES = 1024;

const TRUNKLINE: Contender = blocking('Trunkline', async (chunks) => {
  const input = new PassThrough();
  const { promise: arrived, resolve } = Promise.withResolvers<void>();
  const transport = stdioServer({ input, output: new PassThrough() });
  await transport.start({ message: () => resolve() });
  return async () => {
    for (const chunk of chunks) input.write(chunk);
    await arrived;
    await transport.close();
  };
});

/** Both take a chunk and then look for messages, as their transports do. */
const OFFICIAL: readonly Contender[] = [
  { name: 'official 1.x', Buffer: OfficialBuffer1 },
  { name: 'official 2.x', Buffer: OfficialBuffer2 },
].map(({ name, Buffer }) => ({
  ...blocking(name, async (chunks) => async () => {
    const buffer = new Buffer();
    let messages = 0;
    for (const chunk of chunks) {
      buffer.append(chunk);
      while (buffer.readMessage()) messages += 1;
    }
    if (messages !== 1) throw new Error(`${messages} messages were read instead of one`);
  }),
  once: true,
}));

function blocking(
  name: string,
  prepare: (chunks: readonly Buffer[]) => Promise<() => Promise<void>>,
): Contender {
  const chunks = longLine();
  const round = async (): Promise<number> => longestBlock(await prepare(chunks));
  return { name, open: async () => ({ round, close: async () => {} }) };
}

function longLine(): readonly Buffer[] {
  const [before, after] = ['{"jsonrpc":"2.0","method":"notifications/long","params":{"text":"', '"}}\n'];
  const line = Buffer.from(before + 'x'.repeat(LINE_BYTES - before.length - after.length) + after);
  const chunks: Buffer[] = [];
  for (let from = 0; from < line.length; from += CHUNK_BYTES) {
    chunks.push(line.subarray(from, from + CHUNK_BYTES));
  }
  return chunks;
}

/** The longest time between two turns of the event loop while the work is done. */
async function longestBlock(work: () => Promise<void>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const watch = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    turn = setImmediate(watch);
  };
  let turn = setImmediate(watch);
  await nextTurn();
  await work();
  await nextTurn();
  clearImmediate(turn);
  return longest;
}
