import {
  findMirroredParams,
  isJsonObject,
  isRemoteError,
  mirroredValue,
  type JsonObject,
  type MirroredParam,
  type Tool,
} from '@trunkline/protocol';
import type { ClientLayer, ClientRequest, Send } from '../layers.ts';
import type { Logger } from '../logger.ts';

/** What a server answers when its binding's envelope does not repeat what the body says. */
const ENVELOPE_MISMATCH = -32_020;

type Values = Readonly<Record<string, string | number | boolean>>;

/**
 * For bindings with an envelope: repeats the arguments that a tool's schema marks, learnt from the lists that pass through,
 * and hides tools whose marks are defective. A call that the server turns away for its envelope is made once more after the
 * tools were listed anew. https://modelcontextprotocol.io/specification/2026-07-28/server/tools
 */
export function paramMirror(logger: Logger): ClientLayer {
  return (next) => {
    const known = new Map<string, readonly MirroredParam[]>();
    return async (request) => {
      if (request.method === 'tools/list') return learn(await next(request), known, logger);
      if (request.method !== 'tools/call') return next(request);
      try {
        return await next(mirrored(request, known));
      } catch (error) {
        if (!isRemoteError(error) || error.code !== ENVELOPE_MISMATCH) throw error;
        await relearn(next, known, logger);
        return next(mirrored(request, known));
      }
    };
  };
}

function learn(list: JsonObject, known: Map<string, readonly MirroredParam[]>, logger: Logger): JsonObject {
  const tools = (list['tools'] as Tool[]).filter((tool) => {
    const params = isJsonObject(tool.inputSchema) ? findMirroredParams(tool.inputSchema) : [];
    if (typeof params === 'string') logger.warn(`left out the tool ${JSON.stringify(tool.name)}: ${params}`);
    else if (params.length > 0) known.set(tool.name, params);
    else known.delete(tool.name);
    return typeof params !== 'string';
  });
  return tools.length === (list['tools'] as Tool[]).length ? list : { ...list, tools };
}

async function relearn(
  next: Send,
  known: Map<string, readonly MirroredParam[]>,
  logger: Logger,
): Promise<void> {
  let cursor: unknown;
  for (let page = 0; page < 64; page += 1) {
    const params = typeof cursor === 'string' ? { cursor } : {};
    const list = learn(await next({ method: 'tools/list', params, options: {} }), known, logger);
    if (list['nextCursor'] === undefined || list['nextCursor'] === cursor) return;
    cursor = list['nextCursor'];
  }
}

function mirrored(
  request: ClientRequest,
  known: ReadonlyMap<string, readonly MirroredParam[]>,
): ClientRequest {
  const { name, arguments: args } = request.params;
  const params = known.get(name as string);
  if (!params || !isJsonObject(args)) return request;
  const found = params.flatMap((param) => {
    const value = mirroredValue(args, param);
    return value === undefined ? [] : [[param.name, value] as const];
  });
  const mirror: Values = Object.fromEntries(found);
  return { ...request, options: { ...request.options, send: { ...request.options.send, mirror } } };
}
