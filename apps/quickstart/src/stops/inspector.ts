import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expected, Logbook, type Leg, type Stop } from '../stop.ts';
import { programOf } from './filesystem-server.ts';
import { REPOSITORY_SERVER } from './own-server.ts';

const run = promisify(execFile);

/** The published Inspector, which others wrote, driving our server. */
export const inspector: Stop = {
  title: '3. The published MCP Inspector, driving the Trunkline server',
  async *legs() {
    for (const era of ['legacy', 'modern'] as const) yield await inspect(era);
  },
};

async function inspect(era: 'legacy' | 'modern'): Promise<Leg> {
  const log = new Logbook();
  let failure: string | undefined;
  try {
    const tools = await log.note(
      'tools/list',
      () => ask(era, '--method', 'tools/list', '--strict'),
      (result) => `${lengthOf(result['tools'])} tools, portable schemas`,
    );
    expected(lengthOf(tools['tools']) > 0, 'the Inspector sees no tools');
    const call = ['--method', 'tools/call', '--tool-name', 'read_file', '--tool-arg', 'path=package.json'];
    await log.note(
      'tools/call read_file package.json',
      () => ask(era, ...call),
      (result) => {
        expected(JSON.stringify(result).includes('trunkline'), 'package.json does not name the project');
        return 'the file, by way of the Inspector';
      },
    );
    await log.note(
      'resources/list',
      () => ask(era, '--method', 'resources/list'),
      (result) => `${lengthOf(result['resources'])} resources`,
    );
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  return {
    client: 'MCP Inspector',
    server: 'repository-server',
    transport: 'stdio',
    era,
    revision: 'not said',
    calls: log.calls,
    ...(failure !== undefined && { failure }),
  };
}

async function ask(era: string, ...args: string[]): Promise<Record<string, unknown>> {
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
    '--',
    process.execPath,
    ...REPOSITORY_SERVER,
  ]);
  return (JSON.parse(stdout) as { result: Record<string, unknown> }).result;
}

function lengthOf(list: unknown): number {
  return Array.isArray(list) ? list.length : 0;
}
