import type { JsonObject } from '@trunkline/protocol';
import type { ClientOptions } from '@trunkline/session';
import { beforeEach, describe, expect, test } from 'vitest';
import { countingClock, type CountingClock } from '../src/counting-clock.ts';
import { watchMishaps, type Mishaps } from '../src/mishaps.ts';
import { turn, within } from '../src/within.ts';
import { clientScenarios, expectRejection } from './client-scenarios.ts';
import { clientCases } from './cases.ts';
import { connectHostile, type Behaviour, type HostileServer } from './hostile-server.ts';

const DONE = { content: [{ type: 'text', text: 'done' }] };

let mishaps: Mishaps;
let clock: CountingClock;
let opened: HostileServer[];

beforeEach(() => {
  mishaps = watchMishaps();
  clock = countingClock();
  opened = [];
});

async function connect(
  era: 'modern' | 'legacy',
  behave: Behaviour,
  options: ClientOptions = {},
): Promise<HostileServer> {
  const server = await connectHostile(era, behave, { ...options, clock });
  opened.push(server);
  return server;
}

async function expectQuiet(): Promise<void> {
  for (const { client } of opened) await client.close();
  await turn();
  mishaps.stop();
  expect({ mishaps: mishaps.seen, armed: clock.armed }).toEqual({ mishaps: [], armed: 0 });
}

/** A client of this era, and a call of it that waits. */
async function waiting(
  era: 'modern' | 'legacy',
  method: string,
): Promise<HostileServer & { call: Promise<unknown>; id: string | number }> {
  let held: string | number | null | undefined;
  const server = await connect(era, ({ id = null }, say) => {
    if (held === undefined) held = id;
    else say({ jsonrpc: '2.0', id, result: DONE });
  });
  const call = method === 'tools/list' ? server.client.listTools() : server.client.callTool('x');
  call.catch(() => {});
  await server.link.next(method, (frame) => frame.method === method);
  await turn();
  return { ...server, call, id: held as string | number };
}

describe('a client', () => {
  test.each(clientCases())('$id $about ($era)', async ({ id, era, entry, answer }) => {
    const method = answer.includes('"tools"') ? 'tools/list' : 'tools/call';
    const { call, client, link, reports, id: waitingFor } = await waiting(era, method);
    const sent = link.heard.length;
    const { rejects, reports: reported } = entry.expect;
    const settles = method === 'tools/list' || rejects !== undefined;
    link.send(settles ? answer.replace('"id":1', `"id":${JSON.stringify(waitingFor)}`) : answer);
    if (rejects) await expectRejection(call, id);
    await turn();
    expect(reports).toEqual(reported === undefined ? [] : [reported]);
    expect(link.heard).toHaveLength(sent);
    if (!settles)
      link.send(JSON.stringify({ jsonrpc: '2.0', id: waitingFor, result: DONE } satisfies JsonObject));
    if (!rejects)
      expect(await within(call, () => 'the call')).toMatchObject(
        settles ? { tools: [{ name: '__proto__' }] } : DONE,
      );
    expect(({} as { inputSchema?: unknown }).inputSchema).toBeUndefined();
    expect(await within(client.callTool('x'), () => 'a good call')).toMatchObject(DONE);
    await expectQuiet();
  });

  test.each(Object.entries(clientScenarios))('%s', async (_id, play) => {
    await play(connect);
    await expectQuiet();
  });
});
