import { isMcpError } from '@trunkline/protocol';
import { ClientGroup, searchComponents, type Dialers } from '@trunkline/client-group';
import { httpClient } from '@trunkline/transport-http';
import { sseClient } from '@trunkline/transport-sse';
import { stdioClient } from '@trunkline/transport-stdio';
import { webSocketClient } from '@trunkline/transport-ws/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { children, processesWith } from './process-list.ts';
import { mainOf, startServers, type Probe, type RealServers } from './servers.ts';

const DIALERS: Dialers = { stdio: stdioClient, http: httpClient, sse: sseClient, webSocket: webSocketClient };
const SEED = Number(process.env['TEST_SEED'] ?? 20_261_121);
const MINUTE = 60_000;

let real: RealServers;
let before: number[];
beforeAll(async () => {
  real = await startServers();
  before = children().map(({ pid }) => pid);
}, MINUTE);
afterAll(() => real[Symbol.asyncDispose](), MINUTE);

async function groupOfAll(): Promise<ClientGroup> {
  const group = new ClientGroup({
    dialers: DIALERS,
    session: { reconnect: { firstDelay: 20, attempts: 50 } },
  });
  const sessions = Object.fromEntries(real.processes.map((name) => [name, { restart: false as const }]));
  const outcome = await group.connectToServers(real.sources, { sessions });
  const { failed, unread } = outcome;
  if (failed.length + unread.length > 0) await group.close();
  expect({ failed, unread }).toEqual({ failed: [], unread: [] });
  return group;
}

/** The tool of a server by its name in the group. */
function nameOf(group: ClientGroup, server: string, { tool }: Probe): string {
  const found = [...group.tools.values()].find((one) => one.server === server && one.ownName === tool);
  return found?.name ?? `${server} has no ${tool}`;
}

async function callEvery(group: ClientGroup): Promise<Record<string, boolean>> {
  const calls = Object.entries(real.probes).map(async ([server, probe]) => {
    const result = await group.callTool(nameOf(group, server, probe), probe.args);
    return [server, JSON.stringify(result.content).includes(probe.word)] as const;
  });
  return Object.fromEntries(await Promise.all(calls));
}

/** No process that the group started is left, not even to be collected. */
function expectNoProcess(): void {
  expect(children().filter(({ pid }) => !before.includes(pid))).toEqual([]);
}

describe('ten servers of five makes at once', () => {
  test(
    'are one group, and calls reach each of them',
    async () => {
      await using group = await groupOfAll();
      expect([...group.sessions.keys()].toSorted()).toEqual(Object.keys(real.sources).toSorted());
      const all = Object.fromEntries(Object.keys(real.probes).map((server) => [server, true]));
      expect(await callEvery(group)).toEqual(all);
      // Three of them are the same server: what they share is prefixed, what is unique is not.
      expect(group.tools.has('echo')).toBe(false);
      expect(group.tools.get('everything_echo')?.server).toBe('everything');
      expect(group.tools.get('read_graph')?.server).toBe('memory');
      expect(searchComponents(group, 'read a text file')[0]?.component.server).toBe('filesystem');
      expect([...(await group.health()).values()].filter(Boolean)).toEqual([]);
      await group.close();
      expectNoProcess();
    },
    MINUTE,
  );

  test(
    `are killed, restarted and removed in random order while calls run (seed ${SEED}), and every call settles`,
    async () => {
      const random = sequence(SEED);
      await using group = await groupOfAll();
      const counts = { answered: 0, failed: 0, odd: [] as unknown[] };
      const stop = new AbortController();
      const caller = async (server: string, probe: Probe): Promise<void> => {
        while (!stop.signal.aborted) {
          try {
            await group.callTool(nameOf(group, server, probe), probe.args, { timeout: 10_000 });
            counts.answered += 1;
          } catch (error) {
            counts.failed += 1;
            if (!isMcpError(error)) counts.odd.push(error);
          }
          await new Promise((resolve) => setImmediate(resolve));
        }
      };
      const callers = Object.entries(real.probes).flatMap(([server, probe]) => [
        caller(server, probe),
        caller(server, probe),
      ]);
      const names = Object.keys(real.sources);
      const happened: string[] = [];
      for (let step = 0; step < 24; step += 1) {
        happened.push(await mishap(group, random));
        await passed(counts, 20);
      }
      stop.abort();
      await Promise.all(callers);
      expect(counts.odd).toEqual([]);
      expect(counts.answered).toBeGreaterThan(400);
      expect(counts.failed).toBeGreaterThan(0);
      for (const what of ['killed', 'restarted', 'removed', 'added']) expect(happened).toContain(what);
      for (const name of names) if (!group.statuses.has(name)) await add(group, name);
      const all = Object.fromEntries(Object.keys(real.probes).map((server) => [server, true]));
      expect(await callEvery(group)).toEqual(all);
      await group.close();
      expectNoProcess();
    },
    2 * MINUTE,
  );

  test(
    'leave nothing behind when the group is closed while they are being started',
    async () => {
      const group = new ClientGroup({ dialers: DIALERS });
      const connecting = group.connectToServers(real.sources);
      await new Promise((resolve) => setImmediate(resolve));
      await group.close();
      const { connected, failed } = await connecting;
      expect(connected.length + failed.length).toBe(Object.keys(real.sources).length);
      expect(group.sessions.size).toBe(0);
      expectNoProcess();
    },
    MINUTE,
  );
});

async function mishap(group: ClientGroup, random: () => number): Promise<string> {
  const one = (names: readonly string[]): string => names[Math.floor(random() * names.length)] as string;
  const what = one(['kill', 'restart', 'remove']);
  const name = one(what === 'kill' ? real.processes : Object.keys(real.sources));
  if (!group.statuses.has(name)) {
    await add(group, name);
    return 'added';
  }
  if (what === 'kill') return kill(name) > 0 ? 'killed' : 'was not there to be killed';
  if (what === 'remove') {
    await group.disconnectFromServer(name);
    return 'removed';
  }
  await group.restart(name);
  return 'restarted';
}

/** Kills what the group started; tells how much it was. */
function kill(name: string): number {
  const main = name === 'everything' ? `${mainOf('server-everything')} stdio` : mainOf(`server-${name}`);
  const own = new Set(children().map(({ pid }) => pid));
  const found = processesWith(main).filter(({ pid }) => own.has(pid));
  for (const { pid } of found) process.kill(pid, 'SIGKILL');
  return found.length;
}

async function add(group: ClientGroup, name: string): Promise<void> {
  const source = real.sources[name];
  if (!source) throw new Error(`nobody is called ${name}`);
  await group.connectToServer(source, { name, restart: false });
}

/** Resolves when so many more calls were settled. */
async function passed(counts: { answered: number; failed: number }, more: number): Promise<void> {
  const goal = counts.answered + counts.failed + more;
  const since = performance.now();
  while (counts.answered + counts.failed < goal) {
    if (performance.now() - since > 20_000) throw new Error('calls no longer settle');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Numbers from 0 up to 1, the same for the same seed. */
function sequence(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    const mixed = Math.imul(state ^ (state >>> 15), state | 1);
    return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32;
  };
}
