import { Client as OfficialClient2 } from '@modelcontextprotocol/client';
import { StdioClientTransport as OfficialStdio2 } from '@modelcontextprotocol/client/stdio';
import { Client as OfficialClient1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OfficialStdio1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { connect } from '@trunkline/session';
import { stdioClient } from '@trunkline/transport-stdio';
import { built } from '../harness/machine.ts';
import type { Contender, Scenario, Settings } from '../harness/scenario.ts';

/** How soon a caller hears that the server process it waits for is dead. */
export function faultScenarios(settings: Settings): readonly Scenario[] {
  return [
    {
      name: 'stdio-death',
      title: 'stdio client, death of the server process to rejection of the open call',
      unit: 'ms',
      rounds: settings.quick ? 1 : 10,
      contenders: [trunkline(settings), official1(settings), official2(settings)],
      goals: [{ of: 'Trunkline', atMost: 100 }],
    },
  ];
}

const INFO = { name: 'bench', version: '1.0.0' };
const MUTE = built('servers/mute.js');

/** A client with a call that no answer will come to. */
interface Waiting {
  readonly pid: number;
  readonly call: Promise<unknown>;
  close(): Promise<void>;
}

function trunkline({ node }: Settings): Contender {
  return dying('Trunkline', async () => {
    const transport = stdioClient({ command: node, args: [MUTE] })();
    const client = await connect(transport, { eras: ['legacy'] });
    return {
      pid: transport.process.pid ?? NaN,
      call: client.callTool('wait'),
      close: () => client.close(),
    };
  });
}

function official1({ node }: Settings): Contender {
  return dying('official 1.x', async () => {
    const transport = new OfficialStdio1({ command: node, args: [MUTE] });
    const client = new OfficialClient1(INFO);
    await client.connect(transport);
    const call = client.callTool({ name: 'wait' });
    return { pid: transport.pid ?? NaN, call, close: () => client.close() };
  });
}

function official2({ node }: Settings): Contender {
  return dying('official 2.x', async () => {
    const transport = new OfficialStdio2({ command: node, args: [MUTE] });
    const client = new OfficialClient2(INFO);
    await client.connect(transport);
    const call = client.callTool({ name: 'wait' });
    return { pid: transport.pid ?? NaN, call, close: () => client.close() };
  });
}

function dying(name: string, start: () => Promise<Waiting>): Contender {
  const round = async (): Promise<number> => {
    const waiting = await start();
    const settled = waiting.call.then(
      () => Promise.reject(new Error('the mute server answered')),
      () => performance.now(),
    );
    const killed = performance.now();
    process.kill(waiting.pid, 'SIGKILL');
    const heard = await settled;
    await waiting.close();
    return heard - killed;
  };
  return { name, open: async () => ({ round, close: async () => {} }) };
}
