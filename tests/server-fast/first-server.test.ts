import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { connect } from '@trunkline/session';
import { stdioClient } from '@trunkline/transport-stdio';
import { describe, expect, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('first-server.ts', import.meta.url));
const README = fileURLToPath(new URL('../../packages/server-fast/README.md', import.meta.url));

test('the README begins with the program that is run here', () => {
  const [, first] = /^```ts\n(.*?)^```$/ms.exec(readFileSync(README, 'utf8')) ?? [];
  expect(first).toBe(readFileSync(PROGRAM, 'utf8'));
});

describe.each(['modern', 'legacy'] as const)('the first program over stdio, %s', (era) => {
  test('lists its tool, answers, and tells the model what is wrong', { timeout: 20_000 }, async () => {
    const dial = stdioClient({
      command: [
        process.execPath,
        '--conditions',
        '@trunkline/source',
        '--disable-warning=ExperimentalWarning',
      ],
      args: [PROGRAM],
    });
    await using client = await connect(dial, { eras: [era] });
    expect(client.serverInfo).toMatchObject({ name: 'calculator', version: '1.0.0' });
    expect((await client.listTools()).tools).toMatchObject([
      { name: 'add', description: 'Adds two numbers.' },
    ]);
    expect((await client.callTool('add', { a: 2, b: 3 })).structuredContent).toEqual({ sum: 5 });
    expect(await client.callTool('add', { a: 2 })).toMatchObject({ isError: true });
  });
});
