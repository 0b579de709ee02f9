import { fileURLToPath } from 'node:url';
import { StdioClientTransport as OfficialStdio2 } from '@modelcontextprotocol/client/stdio';
import { StdioClientTransport as OfficialStdio1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Era } from '@trunkline/protocol';
import { memoryPair } from '@trunkline/transport-memory';
import { stdioClient } from '@trunkline/transport-stdio';
import { officialEnd } from './bridge.ts';
import type { Hooks, InteropClient } from './clients/client.ts';
import { officialClient1 } from './clients/official-1.ts';
import { officialClient2 } from './clients/official-2.ts';
import { trunklineClient } from './clients/trunkline.ts';
import { officialServer1 } from './servers/official-1.ts';
import { officialServer2 } from './servers/official-2.ts';
import { trunklineServer } from './servers/trunkline.ts';

export type Client = 'Trunkline' | 'official 1.x' | 'official 2.x';
export type Server = Client;

/** A client and a server that must understand each other. */
export interface Pair {
  readonly name: string;
  readonly client: Client;
  readonly server: Server;
  readonly over: 'stdio' | 'memory';
  /** The era that the two are to find: the newest that both speak, unless the client is told another. */
  readonly era: Era;
  open(hooks: Hooks): Promise<InteropClient>;
}

/** The eras that each pair can meet in. 1.x knows the legacy one only. */
const MEETINGS: readonly {
  readonly client: Client;
  readonly server: Server;
  readonly eras: readonly Era[];
}[] = [
  { client: 'Trunkline', server: 'official 1.x', eras: ['legacy'] },
  { client: 'Trunkline', server: 'official 2.x', eras: ['modern', 'legacy'] },
  { client: 'official 1.x', server: 'Trunkline', eras: ['legacy'] },
  { client: 'official 2.x', server: 'Trunkline', eras: ['modern', 'legacy'] },
];

export const PAIRS: readonly Pair[] = MEETINGS.flatMap(({ client, server, eras }) =>
  eras.flatMap((era) =>
    (['stdio', 'memory'] as const).map((over) => ({
      name: `${client} client, ${server} server, ${era}, ${over}`,
      client,
      server,
      over,
      era,
      open: (hooks: Hooks) => open(client, server, over, era, hooks),
    })),
  ),
);

/** Opens a session; with `auto` the client finds the era. */
export function open(
  client: Client,
  server: Server,
  over: Pair['over'],
  era: Era | 'auto',
  hooks: Hooks,
): Promise<InteropClient> {
  if (client === 'Trunkline') {
    const eras = era === 'auto' ? undefined : [era];
    const dial = over === 'stdio' ? stdioClient(processOf(server)) : () => serveInProcess(server);
    return trunklineClient(dial, hooks, eras);
  }
  const parameters = { ...processOf(server), stderr: 'inherit' as const };
  if (client === 'official 1.x') {
    const transport = over === 'stdio' ? new OfficialStdio1(parameters) : officialEnd(serveInProcess(server));
    return officialClient1(transport, hooks);
  }
  const transport = over === 'stdio' ? new OfficialStdio2(parameters) : officialEnd(serveInProcess(server));
  return officialClient2(transport, hooks, era);
}

function processOf(server: Server): { command: string; args: string[] } {
  const file = {
    Trunkline: 'trunkline.ts',
    'official 1.x': 'official-1.ts',
    'official 2.x': 'official-2.ts',
  };
  return {
    command: process.execPath,
    args: [
      '--conditions=@trunkline/source',
      '--disable-warning=ExperimentalWarning',
      fileURLToPath(new URL(`servers/${file[server]}`, import.meta.url)),
    ],
  };
}

/** Starts a server at one end of a pair; returns the other. */
function serveInProcess(server: Server): ReturnType<typeof memoryPair>[0] {
  const [near, far] = memoryPair();
  if (server === 'Trunkline') void trunklineServer().link(far);
  else if (server === 'official 1.x') void officialServer1().connect(officialEnd(far));
  else serveStdio(officialServer2, { transport: officialEnd(far) });
  return near;
}
