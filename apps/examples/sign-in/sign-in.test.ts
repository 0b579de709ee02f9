import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { start } from './server.ts';

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Does what a user does in a browser: looks at the question, and agrees. */
async function agree(address: string): Promise<string> {
  const asked = await fetch(address);
  const page = await asked.text();
  const ticket = /name="ticket" value="([^"]+)"/.exec(page)?.[1] ?? '';
  const cookie = asked.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const done = await fetch(new URL('/authorize', address), {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ ticket, decision: 'allow' }).toString(),
  });
  expect(await done.text()).toContain('You may close this window.');
  return page;
}

/** Runs the command-line program; the user agrees to whatever it asks. */
async function run(
  url: string,
  home: string,
): Promise<{ code: number | null; output: string; asked: string[] }> {
  const program = fileURLToPath(new URL('client.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions', '@trunkline/source', program, url], {
    env: { ...process.env, NOTES_HOME: home },
  });
  onTestFinished(() => void child.kill());
  let output = '';
  const asked: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    const address = /^http\S+\n/m.exec(chunk.toString())?.[0].trim();
    if (address !== undefined)
      agree(address).then(
        (page) => asked.push(page),
        (error) => (output += String(error)),
      );
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output, asked };
}

test('a program signs in, asks for more when it needs more, and remembers', { timeout: 60_000 }, async () => {
  const home = await mkdtemp(join(tmpdir(), 'notes-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const port = await freePort();
  const listening = await start(port);
  onTestFinished(() => listening.close());
  const first = await run(`http://127.0.0.1:${port}/mcp`, home);
  expect(first.output).toContain('Buy milk.');
  expect(first.output).toContain('That makes 2 notes.');
  expect(first.asked.map((page) => /<li>(.*?)<\/li>/g.exec(page)?.[1])).toEqual(['notes:read', 'notes:read']);
  expect(first.asked[1]).toContain('<li>notes:write</li>');
  expect(first.code).toBe(0);
  const second = await run(`http://127.0.0.1:${port}/mcp`, home);
  expect(second.asked).toEqual([]);
  expect(second.output).toContain('That makes 3 notes.');
});

test('the page and its program are served', async () => {
  const port = await freePort();
  const listening = await start(port);
  onTestFinished(() => listening.close());
  const page = await fetch(`http://127.0.0.1:${port}/`);
  expect(await page.text()).toContain('<script type="module" src="/browser.js">');
  const program = await fetch(`http://127.0.0.1:${port}/browser.js`);
  expect(await program.text()).toContain('code_challenge');
});
