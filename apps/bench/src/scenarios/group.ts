import { createServer } from '@trunkline/server-fast';
import { connect } from '@trunkline/session';
import type { Acceptor, Dial } from '@trunkline/transport';
import { stdioClient } from '@trunkline/transport-stdio';
import { serverCommand } from '../harness/machine.ts';
import type { Contender, Gauge, Scenario, Settings } from '../harness/scenario.ts';

/** Somebody who calls tools. */
export interface Caller {
  callTool(name: string, args: object): Promise<unknown>;
  close(): Promise<void>;
}

/** What is measured here, as the packages make it. */
export interface GroupKit {
  /** Dials a server in this process. */
  readonly memoryDial: (acceptor: Acceptor) => Dial;
  /** Connects to all servers at once and reads what they offer. Rejects if one fails. */
  readonly group: (dials: Readonly<Record<string, Dial>>) => Promise<Caller & { readonly toolCount: number }>;
  /** Puts a gateway before one server and connects to the gateway in memory. */
  readonly gateway: (dial: Dial) => Promise<Caller>;
}

/** A group beside the same servers without one: connecting to many, one call, and a gateway's throughput. */
export function groupScenarios(settings: Settings, kit: GroupKit): readonly Scenario[] {
  return [connecting(settings, kit), calling(settings, kit), relaying(settings, kit)];
}

const SERVERS = 50;
const TOOLS = 20;
const IN_FLIGHT = 64;

function connecting({ quick }: Settings, { memoryDial, group }: GroupKit): Scenario {
  const dials = Array.from({ length: SERVERS }, (_, index) => memoryDial(serverOf(index)));
  const named = Object.fromEntries(dials.map((dial, index) => [`server-${index}`, dial]));
  const single = async (): Promise<number> => {
    let sum = 0;
    for (const dial of dials) {
      const started = performance.now();
      const client = await connect(dial);
      sum += performance.now() - started;
      await client.close();
    }
    return sum;
  };
  const together = async (): Promise<number> => {
    const started = performance.now();
    const all = await group(named);
    const took = performance.now() - started;
    await all.close();
    if (all.toolCount !== SERVERS * TOOLS) throw new Error(`the group has ${all.toolCount} tools`);
    return took;
  };
  return {
    name: 'group-connect',
    title: `connecting to ${SERVERS} servers in memory with ${TOOLS} tools each`,
    unit: 'ms',
    rounds: quick ? 2 : 40,
    contenders: [
      contender('one after the other', single, quick ? 1 : 20),
      contender('a group', together, quick ? 1 : 20),
    ],
    goals: [{ of: 'a group', against: 'one after the other', atMost: 1.5 }],
  };
}

function calling({ quick }: Settings, { memoryDial, group }: GroupKit): Scenario {
  const calls = quick ? 20 : 2_000;
  const dialsOf = (count: number): Record<string, Dial> =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`server-${index}`, memoryDial(serverOf(index))]),
    );
  const serial =
    (open: () => Promise<Caller>): (() => Promise<Gauge>) =>
    async () => {
      const caller = await open();
      const round = async (): Promise<number> => {
        const started = performance.now();
        for (let call = 0; call < calls; call += 1) await caller.callTool('tool-0-0', { text: 'x' });
        return ((performance.now() - started) * 1000) / calls;
      };
      for (let warm = 0; warm < (quick ? 1 : 10); warm += 1) await round();
      return { round, close: () => caller.close() };
    };
  return {
    name: 'group-call',
    title: `one call at a time in memory, directly and through a group of ${SERVERS}`,
    unit: 'µs per call',
    rounds: quick ? 2 : 40,
    contenders: [
      { name: 'direct', open: serial(() => connect(memoryDial(serverOf(0)))) },
      { name: 'through a group', open: serial(() => group(dialsOf(SERVERS))) },
    ],
    goals: [{ of: 'through a group', against: 'direct', atMost: 1.25 }],
  };
}

function relaying(settings: Settings, { gateway }: GroupKit): Scenario {
  const calls = settings.quick ? 128 : 5_000;
  const dial = (): Dial => stdioClient({ command: serverCommand('servers/stdio.js', settings) });
  const parallel =
    (open: () => Promise<Caller>): (() => Promise<Gauge>) =>
    async () => {
      const caller = await open();
      const round = async (): Promise<number> => {
        let left = calls;
        const work = async (): Promise<void> => {
          while (left > 0) {
            left -= 1;
            await caller.callTool('add', { a: 2, b: 3 });
          }
        };
        const started = performance.now();
        await Promise.all(Array.from({ length: IN_FLIGHT }, work));
        return calls / ((performance.now() - started) / 1000);
      };
      for (let warm = 0; warm < (settings.quick ? 1 : 3); warm += 1) await round();
      return { round, close: () => caller.close() };
    };
  return {
    name: 'gateway-stdio',
    title: `a server over stdio, ${IN_FLIGHT} calls in flight, directly and behind a gateway`,
    unit: 'calls per second',
    rounds: settings.quick ? 2 : 30,
    contenders: [
      { name: 'direct', open: parallel(() => connect(dial())) },
      { name: 'behind a gateway', open: parallel(() => gateway(dial())) },
    ],
    goals: [{ of: 'behind a gateway', against: 'direct', atLeast: 0.6 }],
  };
}

function contender(name: string, round: () => Promise<number>, warmUps: number): Contender {
  return {
    name,
    async open() {
      for (let warm = 0; warm < warmUps; warm += 1) await round();
      return { round, close: async () => {} };
    },
  };
}

function serverOf(index: number): Acceptor {
  const server = createServer({ name: `server-${index}`, version: '1.0.0' });
  for (let tool = 0; tool < TOOLS; tool += 1) server.tool(`tool-${index}-${tool}`, () => 'ok');
  return server;
}
