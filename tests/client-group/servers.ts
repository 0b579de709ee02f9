import { createRequire } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { ZodJsonSchemaAdapter } from '@tmcp/adapter-zod';
import { HttpTransport } from '@tmcp/transport-http';
import type { ServerSource } from '@trunkline/client-group';
import { createServer as createFast } from '@trunkline/server-fast';
import { http } from '@trunkline/transport-http/node';
import { memoryDial } from '@trunkline/transport-memory';
import { ws } from '@trunkline/transport-ws/node';
import { McpServer } from 'tmcp';
import { z } from 'zod';
import { openHost } from '../http-client/host.ts';
import { stateless2 } from '../http-client/official-hosts.ts';

/** A call that every server of a kind answers, and a word that its answer has. */
export interface Probe {
  readonly tool: string;
  readonly args: object;
  readonly word: string;
}

/** Ten servers of five makes over five transports. */
export interface RealServers extends AsyncDisposable {
  readonly sources: Readonly<Record<string, ServerSource>>;
  /** A call to each, by the name of the server. */
  readonly probes: Readonly<Record<string, Probe>>;
  /** The servers that are processes which the group starts. */
  readonly processes: readonly string[];
}

const { resolve } = createRequire(import.meta.url);

/** Starts them on free ports; those over stdio are left for the group to start. */
export async function startServers(): Promise<RealServers> {
  const folder = mkdtempSync(join(tmpdir(), 'trunkline-group-'));
  const everything = mainOf('server-everything');
  const [streaming, events] = await Promise.all([
    startProcess(everything, 'streamableHttp'),
    startProcess(everything, 'sse'),
  ]);
  const official = await openHost(stateless2());
  const tmcp = tmcpListener();
  const foreign = await openHost((request, response) => void tmcp(request, response));
  const overHttp = await http({ port: 0 }).listen(fast('over-http'));
  const overSocket = await ws({ port: 0 }).listen(fast('over-socket'));
  const node = process.execPath;
  const echo = (word: string): Probe => ({ tool: 'echo', args: { message: word }, word });
  return {
    sources: {
      filesystem: { command: node, args: [mainOf('server-filesystem'), folder] },
      memory: {
        command: node,
        args: [mainOf('server-memory')],
        env: { MEMORY_FILE_PATH: join(folder, 'memory.jsonl') },
      },
      everything: { command: node, args: [everything, 'stdio'] },
      'everything-http': { type: 'http', url: `http://127.0.0.1:${streaming.port}/mcp` },
      'everything-sse': { type: 'sse', url: `http://127.0.0.1:${events.port}/sse` },
      official: { type: 'http', url: official.url },
      tmcp: { type: 'http', url: foreign.url },
      'over-http': { url: overHttp.describe },
      'over-socket': { type: 'ws', url: overSocket.describe },
      'in-memory': memoryDial(fast('in-memory')),
    },
    probes: {
      filesystem: { tool: 'list_allowed_directories', args: {}, word: folder },
      memory: { tool: 'read_graph', args: {}, word: 'entities' },
      everything: echo('one'),
      'everything-http': echo('two'),
      'everything-sse': echo('three'),
      official: { tool: 'add', args: { a: 2, b: 3 }, word: '5' },
      tmcp: { tool: 'tmcp_hello', args: { name: 'Ada' }, word: 'hello Ada' },
      'over-http': { tool: 'over-http-name', args: {}, word: 'over-http' },
      'over-socket': { tool: 'over-socket-name', args: {}, word: 'over-socket' },
      'in-memory': { tool: 'in-memory-name', args: {}, word: 'in-memory' },
    },
    processes: ['filesystem', 'memory', 'everything'],
    async [Symbol.asyncDispose]() {
      await Promise.all([
        overHttp.close(),
        overSocket.close(),
        official[Symbol.asyncDispose](),
        foreign[Symbol.asyncDispose](),
      ]);
      await Promise.all([stopProcess(streaming.child), stopProcess(events.child)]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The program of one of the reference servers. */
export function mainOf(name: string): string {
  return join(dirname(resolve(`@modelcontextprotocol/${name}/package.json`)), 'dist', 'index.js');
}

function fast(name: string): ReturnType<typeof createFast> {
  const server = createFast({ name, version: '1.0.0' });
  server.tool(`${name}-name`, () => name);
  return server;
}

function tmcpListener(): ReturnType<typeof getRequestListener> {
  const server = new McpServer(
    { name: 'tmcp', version: '1.0.0', description: 'a server of another make' },
    { adapter: new ZodJsonSchemaAdapter(), capabilities: { tools: { listChanged: true } } },
  );
  server.tool(
    { name: 'tmcp_hello', description: 'greets', schema: z.object({ name: z.string() }) },
    ({ name }) => ({ content: [{ type: 'text', text: `hello ${name}` }] }),
  );
  const transport = new HttpTransport(server, { path: '/mcp' });
  return getRequestListener(
    async (request) => (await transport.respond(request)) ?? new Response(null, { status: 404 }),
  );
}

async function startProcess(main: string, mode: string): Promise<{ child: ChildProcess; port: number }> {
  const port = await freePort();
  const child = spawn(process.execPath, [main, mode], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  await new Promise<void>((ready, reject) => {
    const guard = setTimeout(() => reject(new Error(`no word of it: ${said}`)), 20_000);
    child.once('exit', () => reject(new Error(`it ended: ${said}`)));
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (!/on port/i.test(said)) return;
      clearTimeout(guard);
      ready();
    });
  });
  return { child, port };
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((ended) => child.once('exit', () => ended()));
  child.kill('SIGKILL');
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  await new Promise((ready) => server.close(ready));
  return port;
}
