import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = join(ROOT, 'tests', '.type-budget');

/** A server with so many tools in one chain, and a typed client that calls the last of them. */
function program(tools: number): string {
  const chain = Array.from(
    { length: tools },
    (_, index) =>
      `  .tool('t${index}', { input: z.object({ a: z.number(), b: z.string().optional() }), output: z.object({ r${index}: z.number() }) }, ({ a }) => ({ r${index}: a }))`,
  );
  return [
    "import { createServer } from '@trunkline/server-fast';",
    "import { typedClient } from '@trunkline/server-fast/client';",
    "import type { Client } from '@trunkline/session';",
    "import * as z from 'zod';",
    "const server = createServer({ name: 'many', version: '1' })",
    ...chain,
    ';',
    'export async function call(client: Client): Promise<number> {',
    tools > 0
      ? `  return (await typedClient<typeof server>(client).tools.t${tools - 1}({ a: 1 })).data.r${tools - 1};`
      : '  return Object.keys(typedClient<typeof server>(client).tools).length + z.number().parse(1);',
    '}',
  ].join('\n');
}

async function instantiations(tools: number): Promise<number> {
  const name = `many-${tools}`;
  writeFileSync(join(FOLDER, `${name}.ts`), program(tools));
  writeFileSync(
    join(FOLDER, `${name}.json`),
    JSON.stringify({
      extends: '../../tsconfig.check.json',
      include: [`${name}.ts`],
      compilerOptions: { isolatedDeclarations: false, declaration: false, emitDeclarationOnly: false },
    }),
  );
  const { stdout } = await run(join(ROOT, 'node_modules/.bin/tsc'), [
    '-p',
    join(FOLDER, `${name}.json`),
    '--extendedDiagnostics',
  ]).catch((error: { stdout: string }) => error);
  expect(stdout).not.toMatch(/error TS/);
  return Number(/^Instantiations:\s+(\d+)/m.exec(stdout)?.[1]);
}

beforeAll(() => mkdirSync(FOLDER, { recursive: true }));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

test(
  'a hundred typed tools cost the compiler little, and each as much as the one before',
  { timeout: 60_000 },
  async () => {
    const [none, fifty, hundred] = [
      await instantiations(0),
      await instantiations(50),
      await instantiations(100),
    ];
    const [first, second] = [fifty - none, hundred - fifty];
    expect(hundred - none).toBeLessThan(BUDGET);
    expect(second).toBeLessThan(first * 1.5);
  },
);

/** Instantiations that a hundred tools may cost, with Zod's own. */
const BUDGET = 230_000;
