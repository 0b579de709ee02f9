import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expected, Logbook, type Leg, type Stop } from '../stop.ts';
import { programOf } from './filesystem-server.ts';
import { startOnPort } from './one-port.ts';
import { REPOSITORY_SERVER } from './own-server.ts';

const run = promisify(execFile);

type InspectorEra = 'legacy' | 'auto' | 'modern';

/** How the Inspector is told where the server is. */
interface Target {
  readonly transport: string;
  readonly args: readonly string[];
}

/** The published Inspector, which others wrote, driving our server. */
export const inspector: Stop = {
  title: '4. The published MCP Inspector, driving the Trunkline server',
  async *legs() {
    const stdio = { transport: 'stdio', args: ['--', process.execPath, ...REPOSITORY_SERVER] };
    for (const era of ['legacy', 'modern'] as const) yield await inspect(era, stdio);
    const server = await startOnPort();
    try {
      const http = { transport: 'http', args: ['--transport', 'http', '--server-url', server.url] };
      for (const era of ['legacy', 'auto', 'modern'] as const) yield await inspect(era, http);
    } finally {
      await server.stop();
    }
  },
};

async function inspect(era: InspectorEra, target: Target): Promise<Leg> {
  const log = new Logbook();
  let failure: string | undefined;
  try {
    await look(log, (...args) => ask(era, target, args));
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  return {
    client: 'MCP Inspector',
    server: 'repository-server',
    transport: target.transport,
    era,
    revision: 'not said',
    calls: log.calls,
    ...(failure !== undefined && { failure }),
  };
}

async function look(
  log: Logbook,
  see: (...args: string[]) => Promise<Record<string, unknown>>,
): Promise<void> {
  await log.note(
    'tools/list',
    () => see('--method', 'tools/list', '--strict'),
    ({ tools }) => {
      expected(lengthOf(tools) > 0, 'the Inspector sees no tools');
      return `${lengthOf(tools)} tools, portable schemas`;
    },
  );
  await log.note(
    'tools/call read_file package.json',
    () => see('--method', 'tools/call', '--tool-name', 'read_file', '--tool-arg', 'path=package.json'),
    (result) => {
      expected(JSON.stringify(result).includes('trunkline'), 'package.json does not name the project');
      return 'the file, by way of the Inspector';
    },
  );
}

async function ask(
  era: InspectorEra,
  target: Target,
  args: readonly string[],
): Promise<Record<string, unknown>> {
  const program = programOf('@modelcontextprotocol/inspector');
  const { stdout } = await run(process.execPath, [
    program,
    '--cli',
    '--protocol-era',
    era,
    '--format',
    'json',
    '--quiet',
    ...args,
    ...target.args,
  ]);
  return (JSON.parse(stdout) as { result: Record<string, unknown> }).result;
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}
