import { spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { within } from '../src/within.ts';

/** The reference server of the protocol's own project, as a process. */
export interface Everything extends AsyncDisposable {
  readonly url: string;
  /** Ends the process at once and starts another one in its place. */
  restart(): Promise<void>;
}

/** Starts it on a free port, over Streamable HTTP or over the transport before that. */
export async function startEverything(
  over: 'streamableHttp' | 'sse' = 'streamableHttp',
): Promise<Everything> {
  const port = await freePort();
  let child = await start(port, over);
  return {
    url: `http://127.0.0.1:${port}/${over === 'sse' ? 'sse' : 'mcp'}`,
    async restart() {
      await kill(child);
      child = await start(port, over);
    },
    [Symbol.asyncDispose]: () => kill(child),
  };
}

const home = dirname(
  createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/package.json'),
);

async function start(port: number, over: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(home, 'dist', 'index.js'), over], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  const ready = new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (/(?:listening|running) on port/.test(said)) resolve();
    });
    child.once('exit', () => reject(new Error(`the everything server ended: ${said}`)));
  });
  // It loads the whole official SDK and Express, on a machine that may be busy.
  await Promise.race([
    ready,
    new Promise((_, reject) => setTimeout(reject, 20_000, new Error(`no word of it: ${said}`)).unref()),
  ]);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGKILL');
  await within(gone, () => 'the end of the everything server');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
