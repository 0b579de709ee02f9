import { fileURLToPath } from 'node:url';
import { connect } from '@trunkline/session';
import { stdioClient } from '@trunkline/transport-stdio';
import { expect, test } from 'vitest';
import { within } from '../src/within.ts';

const PROGRAM = fileURLToPath(new URL('../corpus/hostile-process.ts', import.meta.url));

/** How many processes it takes to call a tool, once and once again, of a legacy server that behaves like this. */
async function processesFor(mode: string): Promise<number[]> {
  const args = ['--disable-warning=ExperimentalWarning', PROGRAM, mode];
  const start = stdioClient({ command: process.execPath, args });
  let started = 0;
  const dial = (): ReturnType<typeof start> => {
    started += 1;
    return start();
  };
  const counts: number[] = [];
  for (const _time of ['first', 'second']) {
    started = 0;
    const client = await within(connect(dial), () => 'connecting');
    expect(client.era).toBe('legacy');
    expect(await within(client.callTool('x'), () => 'a call')).toHaveProperty('content');
    await client.close();
    counts.push(started);
  }
  return counts;
}

test('a server that survives the probe is opened in place', async () => {
  expect(await processesFor('noise')).toEqual([1, 1]);
});

test('a server that dies of the probe is started again once, and not probed any more', async () => {
  expect(await processesFor('strict')).toEqual([2, 1]);
});
