import {
  ErrorCode,
  invalidParams,
  isRemoteError,
  RemoteError,
  type CompleteRequestParams,
  type Implementation,
  type JsonObject,
} from '@trunkline/protocol';
import {
  reusable,
  Server,
  systemClock,
  type Context,
  type RequestOptions,
  type ServerOptions,
} from '@trunkline/session';
import { NAMED_BY, type ComponentKind } from './components.ts';
import type { Route } from './directory.ts';
import { isGroupError } from './group-error.ts';
import type { ClientGroup } from './group.ts';
import { ParkedCalls } from './parked-calls.ts';
import { RelayedCall } from './relayed-call.ts';
import { relayedOf } from './relayed-calls.ts';
import { relaySubscriptions } from './relay-subscriptions.ts';

/** How a group is served. */
export interface RelayOptions extends ServerOptions {
  /** What the server calls itself. */
  readonly info?: Implementation;
  /** Milliseconds that a relayed call may take, answers of the user included. 600,000 unless given. */
  readonly callTimeout?: number;
  /** Calls that may wait for answers at once. 1,000 unless given. */
  readonly maxParked?: number;
}

interface Relaying {
  readonly group: ClientGroup;
  readonly parked: ParkedCalls;
  readonly timeout: number;
}

type Asking = 'tools/call' | 'prompts/get' | 'resources/read';

const PARKED = 'parked:';
const OWN = 'own:';

/**
 * Makes one server of a group: what its members offer, under the names of the group, to clients of both eras. A call reaches
 * its member exactly once: what the member asks meanwhile goes to the client that called, and the open call waits for the
 * answer. Progress, logs and cancellation pass through. For questions the group needs `relay: true`. Whoever serves it
 * closes it; the group stays open.
 */
export function asServer(group: ClientGroup, options: RelayOptions = {}): Server {
  const {
    info = { name: 'trunkline-group', version: '1.0.0' },
    callTimeout = 600_000,
    maxParked = 1_000,
  } = options;
  const parked = new ParkedCalls(options.clock ?? systemClock, { max: maxParked, ttl: callTimeout });
  const relaying: Relaying = { group, parked, timeout: callTimeout };
  const changing = { listChanged: true };
  const capabilities = {
    tools: changing,
    prompts: changing,
    resources: { ...changing, subscribe: true },
    completions: {},
    logging: {},
    ...options.capabilities,
  };
  const server = new Server(info, { ...options, capabilities });
  server.handle('tools/list', lister(group, 'tools'));
  server.handle('prompts/list', lister(group, 'prompts'));
  server.handle('resources/list', lister(group, 'resources'));
  server.handle('resources/templates/list', lister(group, 'resourceTemplates'));
  for (const method of ['tools/call', 'prompts/get', 'resources/read'] as const)
    server.handle(method as string, (params, context) => relay(method, params, context, relaying));
  server.handle('completion/complete', async (params, { signal }) => {
    const { ref, argument, context } = params;
    const asked: CompleteRequestParams = { ref, argument, ...(context && { context }) };
    return answered(() => group.complete(asked, { signal }));
  });
  relaySubscriptions(server, group);
  return server;
}

/** Lists one kind; the same value until something changes. */
function lister(group: ClientGroup, kind: ComponentKind): () => Promise<never> {
  let known: { readonly version: number; readonly list: JsonObject } | undefined;
  return async () => {
    await group.open();
    if (known?.version !== group.version) {
      const items = [...group[kind].values()].map(({ name, definition }) => ({
        ...definition,
        [NAMED_BY[kind]]: name,
      }));
      known = { version: group.version, list: reusable({ [kind]: items }) };
    }
    return known.list as never;
  };
}

/** Makes a call, or goes on with one that is open, until it has a result or something has to be asked. */
async function relay(
  method: Asking,
  params: JsonObject,
  context: Context,
  relaying: Relaying,
): Promise<unknown> {
  const { requestState, inputResponses, _meta, ...plain } = params;
  const state = typeof requestState === 'string' ? requestState : '';
  return answered(async () => {
    if (state.startsWith(PARKED)) {
      const call = relaying.parked.take(state.slice(PARKED.length));
      if (!call) throw invalidParams('the call that asked is no longer open; make it again if it is safe to');
      call.answer((inputResponses ?? {}) as JsonObject);
      return conclude(call, context, relaying);
    }
    const resumed = state.startsWith(OWN) && {
      requestState: state.slice(OWN.length),
      ...(inputResponses !== undefined && { inputResponses }),
    };
    return begin(method, { ...plain, ...resumed }, context, relaying);
  });
}

/** Only a server of the legacy era, and only if it may ask, can ask while its call is open: others need no place to wait. */
async function begin(
  method: Asking,
  params: JsonObject,
  context: Context,
  relaying: Relaying,
): Promise<unknown> {
  const { group, timeout } = relaying;
  const { server, client, ownName } = await routeOf(group, method, params);
  const own = { ...params, [method === 'resources/read' ? 'uri' : 'name']: ownName };
  const relayed = relayedOf(group);
  if (!relayed.mayAsk || client.era === 'modern')
    return passedBack(
      await client.request(
        method,
        own,
        optionsFor(() => context, context, context.signal, timeout),
      ),
    );
  const call = new RelayedCall(context.session ?? context.origin, async (open) => {
    const leave = relayed.enter(server, open);
    try {
      return await client.request(
        method,
        own,
        optionsFor(() => open.context, context, open.signal, timeout),
      );
    } finally {
      leave();
    }
  });
  return conclude(call, context, relaying);
}

async function conclude(call: RelayedCall, context: Context, { parked }: Relaying): Promise<unknown> {
  const turn = await call.wait(context);
  if ('result' in turn) return passedBack(turn.result);
  return {
    resultType: 'input_required',
    inputRequests: turn.asked,
    requestState: PARKED + parked.park(call),
  };
}

/** What a server wants back with the answers is marked as its own. */
function passedBack(result: JsonObject): JsonObject {
  if (result['resultType'] !== 'input_required' || typeof result['requestState'] !== 'string') return result;
  return { ...result, requestState: OWN + result['requestState'] };
}

/** Reports go to the request that waits. */
function optionsFor(
  waiting: () => Context | undefined,
  { meta }: Context,
  signal: AbortSignal,
  timeout: number,
): RequestOptions {
  return {
    signal,
    timeout,
    maxTotalTimeout: timeout,
    inputRequired: 'return',
    meta: passedOn(meta),
    onProgress: ({ progress, total, message }) => void waiting()?.progress(progress, total, message),
    onNotification: ({ method, params }) => {
      if (method === 'notifications/message' && params)
        void waiting()?.log(params['level'] as 'info', params['data'] ?? null, params['logger'] as string);
    },
  };
}

/** What a caller says of its call, without what is between it and us alone. */
function passedOn(meta: JsonObject): JsonObject {
  const own = Object.entries(meta).filter(
    ([key]) => key !== 'progressToken' && !key.startsWith('io.modelcontextprotocol/'),
  );
  return Object.fromEntries(own);
}

function routeOf(group: ClientGroup, method: Asking, params: JsonObject): Promise<Route> {
  if (method === 'resources/read') return group.route('resources', params['uri'] as string);
  return group.route(method === 'tools/call' ? 'tools' : 'prompts', params['name'] as string);
}

/** What went wrong here is said to the client in the words of the protocol; what the member answered is passed on. */
async function answered<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (isRemoteError(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    if (isGroupError(error) && error.code !== 'call-gone') throw invalidParams(reason);
    throw new RemoteError(ErrorCode.InternalError, reason);
  }
}
