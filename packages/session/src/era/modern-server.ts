import { serverCodecOf, isJsonObject, type JsonObject } from '@trunkline/protocol';
import type { Handler } from '../context.ts';
import { Suspended } from '../suspended.ts';
import { isThenable } from '../thenable.ts';
import { listen } from './listen.ts';
import { Replay, resume } from './replay.ts';
import type { EraMethod, ServedRequest, ServerEra } from './server-era.ts';

/** Serves requests that carry everything with them and leave nothing behind. https://modelcontextprotocol.io/specification/2026-07-28/basic */
export const modernServer: ServerEra = {
  name: 'modern',
  codec: /* @__PURE__ */ serverCodecOf('modern'),
  methods: new Map<string, EraMethod>([
    ['server/discover', { bounded: true, handle: discover }],
    ['subscriptions/listen', { bounded: false, handle: listen }],
  ]),
  serve(handler, params, request) {
    if (params['requestState'] !== undefined || params['inputResponses'] !== undefined)
      return serveRetry(handler, params, request);
    return serveOnce(handler, params, request);
  },
  ask: (question, request) => replayOf(request).ask(question),
  once: (name, effect, request) => replayOf(request).once(name, effect),
  silent: (request) => REPLAYS.get(request)?.silent ?? false,
};

/** Only calls that ask have an entry. */
const REPLAYS = new WeakMap<ServedRequest, Replay>();

function replayOf(request: ServedRequest): Replay {
  let replay = REPLAYS.get(request);
  if (!replay) REPLAYS.set(request, (replay = new Replay(request)));
  return replay;
}

async function serveRetry(handler: Handler, params: JsonObject, request: ServedRequest): Promise<unknown> {
  const resumed = await resume(params, request);
  REPLAYS.set(request, resumed.replay);
  return serveOnce(handler, resumed.params, request);
}

function serveOnce(handler: Handler, params: JsonObject, request: ServedRequest): unknown {
  const result = handler(params, request);
  if (!isThenable(result)) return conclude(result, request);
  return result.then(
    (value) => conclude(value, request),
    (error: unknown) => {
      // A suspended handler may end as it likes: it runs again.
      if (error instanceof Suspended || REPLAYS.get(request)?.suspended) return conclude(undefined, request);
      throw error;
    },
  );
}

function conclude(result: unknown, request: ServedRequest): unknown {
  if (REPLAYS.get(request)?.suspended) return replayOf(request).inputRequired();
  if (isJsonObject(result) && result['resultType'] === 'input_required')
    return replayOf(request).inputRequired(result);
  return result;
}

function discover(_params: JsonObject, { core }: ServedRequest): JsonObject {
  return {
    supportedVersions: [...core.revisions],
    capabilities: core.capabilities(),
    ...(core.instructions !== undefined && { instructions: core.instructions }),
    ...core.discoverCaching,
  };
}
