import { parseArgs } from 'node:util';
import type { FastServer } from '@trunkline/server-fast';
import { connect, type Client, type ClientOptions } from '@trunkline/session';
import { memoryDial } from '@trunkline/transport-memory';
import { stdioClient } from '@trunkline/transport-stdio';

/** One story: which server it is about, and how its client answers questions. */
export interface Story extends ClientOptions {
  /** The module of the server: it exports `server`, and serves it over stdio when it is the program. */
  readonly server: URL;
}

/**
 * Runs a client against its server, over the transport and in the era that the command line names:
 * `node client.ts --transport stdio --era legacy`. An assertion that fails ends the process with a code other than zero.
 */
export async function runStory(
  { server, ...options }: Story,
  tell: (client: Client) => Promise<void>,
): Promise<void> {
  const { values } = parseArgs({
    options: { transport: { type: 'string', default: 'memory' }, era: { type: 'string', default: 'modern' } },
  });
  const { transport, era } = values;
  if (era !== 'modern' && era !== 'legacy') throw new Error(`--era is modern or legacy, not ${era}`);
  const dial = transport === 'stdio' ? overStdio(server) : memoryDial(await load(server));
  await using client = await connect(dial, { ...options, eras: [era] });
  await tell(client);
}

function overStdio(server: URL): ReturnType<typeof stdioClient> {
  return stdioClient({ command: [process.execPath, ...process.execArgv], args: [server.pathname] });
}

async function load(server: URL): Promise<FastServer> {
  const { server: loaded } = (await import(server.href)) as { server: FastServer };
  return loaded;
}
