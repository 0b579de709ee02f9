import { createServer, type FastServer } from '@trunkline/server-fast';
import { logging } from '@trunkline/server-fast/middleware';
import { defaultArguments, hide } from '@trunkline/server-fast/transforms';
import * as z from 'zod';
import { serveIfMain } from '../serve-if-main.ts';

const reports: string[] = [];

const calculator = createServer({ name: 'calculator', version: '1.0.0' })
  .tool(
    'add',
    { input: z.object({ a: z.number(), b: z.number() }), output: z.object({ sum: z.number() }) },
    ({ a, b }) => ({ sum: a + b }),
  )
  .tool('reset', () => 'done');

/** A server made of another, with middleware around everything, and results that come in parts. */
export const server: FastServer<object> = createServer({ name: 'desk', version: '1.0.0' })
  .use(logging({ write: ({ name, outcome }) => reports.push(`${name} ${outcome}`) }))
  .mount(calculator, { prefix: 'calc', transforms: [hide('reset'), defaultArguments('add', { b: 10 })] })
  .tool('count', async function* () {
    for (const word of ['one', 'two', 'three']) yield word;
  })
  .tool('extend', () => {
    calculator.tool('double', { input: z.object({ n: z.number() }) }, ({ n }) => `${n * 2}`);
    return 'done';
  })
  .resource('log', 'desk://log', () => reports.join('\n'));

await serveIfMain(import.meta.url, server);
