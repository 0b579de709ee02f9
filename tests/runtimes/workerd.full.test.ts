import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundle, type Bundled } from './bundle.ts';
import { commandOf, run, type Running } from './process.ts';
import { serveSubject } from './served.ts';
import { EXPECTED, story } from './story.ts';

const CLIENT = `
import { story } from './story.ts';
export default {
  async fetch(request) {
    try {
      return Response.json(await story(new URL(request.url).searchParams.get('url')));
    } catch (error) {
      return Response.json({ error: error?.stack ?? String(error) });
    }
  },
};
`;

const SERVER = `
import { createHttpHandler } from '@trunkline/transport-http';
import { subject } from './subject.ts';
let handler;
export default { fetch: (request) => (handler ??= createHttpHandler(subject())).fetch(request) };
`;

interface Worker extends AsyncDisposable {
  readonly origin: string;
}

async function start(program: Bundled): Promise<Worker> {
  const port = await freePort();
  const config = join(program.folder, 'config.capnp');
  writeFileSync(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["public", "private", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "program.mjs", esModule = embed "program.mjs")],
  compatibilityDate = "2026-06-01",
);
`,
  );
  const running: Running = run(commandOf('workerd'), ['serve', '--verbose', config]);
  const origin = `http://127.0.0.1:${port}`;
  await reachable(port, running);
  return { origin, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}

test('workerd runs the client in both eras', async () => {
  using program = await bundle(CLIENT);
  await using served = await serveSubject();
  await using worker = await start(program);
  const response = await fetch(`${worker.origin}/?url=${encodeURIComponent(`${served.origin}/mcp`)}`);
  expect(await response.json()).toEqual(EXPECTED);
});

test('workerd runs the fetch face for clients of both eras', async () => {
  using program = await bundle(SERVER);
  await using worker = await start(program);
  // A legacy question is answered by another request, and workerd lets no request wake what waits in another.
  const expected = EXPECTED.map((report) =>
    report.era === 'legacy' ? { ...report, asked: 'nothing' } : report,
  );
  expect(await story(`${worker.origin}/mcp`, { legacyQuestions: false })).toEqual(expected);
});

/** workerd does not say that it listens; a connection does. */
async function reachable(port: number, running: Running): Promise<void> {
  let over = false;
  running.done.then(
    () => (over = true),
    () => (over = true),
  );
  for (;;) {
    const open = await fetch(`http://127.0.0.1:${port}/`, { method: 'OPTIONS' }).then(
      (response) => response.body?.cancel().then(() => true) ?? true,
      () => false,
    );
    if (open) return;
    if (over) await running.done;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
