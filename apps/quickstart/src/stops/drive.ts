import { connect, type Client, type ClientOptions } from '@trunkline/session';
import type { Dial } from '@trunkline/transport';
import { Logbook, type Leg } from '../stop.ts';

/** Whom a leg is about. */
export interface LegPlan {
  readonly server: string;
  readonly transport: string;
  readonly dial: Dial;
  readonly options: ClientOptions;
}

/** Connects a Trunkline client, lets `visit` make its calls, and says how it went. */
export async function drive(
  plan: LegPlan,
  visit: (client: Client, log: Logbook) => Promise<void>,
): Promise<Leg> {
  const log = new Logbook();
  let client: Client | undefined;
  let failure: string | undefined;
  try {
    client = await log.note('connect', () => connect(plan.dial, plan.options), describeServer);
    await visit(client, log);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  await client?.close();
  return {
    client: 'Trunkline',
    server: plan.server,
    transport: plan.transport,
    era: client?.era ?? plan.options.eras?.join(' or ') ?? 'either',
    revision: client?.revision ?? 'none',
    calls: log.calls,
    ...(failure !== undefined && { failure }),
  };
}

function describeServer({ serverInfo, revision }: Client): string {
  return `${serverInfo?.name ?? 'a server without a name'} ${serverInfo?.version ?? ''} speaks ${revision}`;
}
