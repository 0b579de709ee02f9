import { describe, expect, test } from 'vitest';
import { bundle } from './bundle.ts';
import { commandOf, run, type Running } from './process.ts';
import { serveSubject } from './served.ts';
import { EXPECTED, story } from './story.ts';

const RUNTIMES: Readonly<Record<string, (file: string, ...args: string[]) => Running>> = {
  Bun: (file, ...args) => run(commandOf('bun'), ['run', file, ...args]),
  Deno: (file, ...args) =>
    run(commandOf('deno'), ['run', '--no-config', '--no-lock', '--allow-net=127.0.0.1', file, ...args], {
      DENO_NO_UPDATE_CHECK: '1',
      NO_COLOR: '1',
    }),
};

const CLIENT = `
import { story } from './story.ts';
const url = (globalThis.Deno?.args ?? globalThis.process.argv).at(-1);
console.log(JSON.stringify(await story(url)));
`;

const SERVER = `
import { createHttpHandler } from '@trunkline/transport-http';
import { subject } from './subject.ts';
const { fetch } = createHttpHandler(subject());
const answer = (request) => fetch(request);
const server = globalThis.Deno
  ? globalThis.Deno.serve({ port: 0, hostname: '127.0.0.1', onListen: () => {} }, answer)
  : globalThis.Bun.serve({ port: 0, hostname: '127.0.0.1', idleTimeout: 0, fetch: answer });
console.log('ready on ' + (server.port ?? server.addr.port));
`;

describe.each(Object.keys(RUNTIMES))('%s', (name) => {
  const start = RUNTIMES[name] as (typeof RUNTIMES)[string];

  test('runs the client in both eras', async () => {
    using program = await bundle(CLIENT);
    await using served = await serveSubject();
    const client = start(program.file, `${served.origin}/mcp`);
    expect(JSON.parse(await client.done)).toEqual(EXPECTED);
  });

  test('runs the fetch face for clients of both eras', async () => {
    using program = await bundle(SERVER);
    await using server = start(program.file);
    const port = (await server.line(/^ready on \d+$/)).replace('ready on ', '');
    expect(await story(`http://127.0.0.1:${port}/mcp`)).toEqual(EXPECTED);
  });
});
