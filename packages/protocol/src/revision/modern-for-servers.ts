import { isJsonObject, own } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { MetaKey } from '../meta.ts';
import { scopeOf, ttlOf } from './caching-hints.ts';
import type { EncodeContext, ServerCodec } from './codec.ts';
import { readEnvelope } from './envelope.ts';
import { errorIn } from './error-codes.ts';
import { mapObjects, without } from './fields.ts';
import { findMethod } from './methods.ts';

/** 2026-07-28 and later for servers: the envelope travels with each request, and each result says what it is. */
export const modernForServers: ServerCodec = {
  era: 'modern',
  decodeEnvelope: readEnvelope,
  encodeResult,
  encodeInputRequest: (_method, params) => encodeInputParams(params),
  encodeError: (error, context) => errorIn(context.revision, error),
};

function encodeResult(method: string, result: JsonObject, context: EncodeContext): JsonObject {
  const resultType = result['resultType'] ?? 'complete';
  const wire: JsonObject = { ...result, resultType };
  if (context.serverInfo) wire['_meta'] = withServerInfo(result['_meta'], context);
  if (resultType === 'input_required') {
    if (isJsonObject(wire['inputRequests']))
      wire['inputRequests'] = encodeInputRequests(wire['inputRequests']);
    return wire;
  }
  if (findMethod(context.revision, 'client-request', method)?.cacheable && resultType === 'complete') {
    wire['ttlMs'] = ttlOf(result['ttlMs']);
    wire['cacheScope'] = scopeOf(result['cacheScope']);
  }
  if (method === 'tools/list') wire['tools'] = encodeTools(result['tools']);
  return wire;
}

function withServerInfo(meta: JsonValue | undefined, { serverInfo }: EncodeContext): JsonObject {
  return isJsonObject(meta)
    ? { ...meta, [MetaKey.serverInfo]: serverInfo }
    : { [MetaKey.serverInfo]: serverInfo };
}

function encodeInputRequests(requests: JsonObject): JsonObject {
  const encoded = Object.entries(requests).map(([key, request]): [string, JsonValue | undefined] => {
    const params = isJsonObject(request) ? own(request, 'params') : undefined;
    return isJsonObject(params)
      ? [key, { ...(request as JsonObject), params: encodeInputParams(params) }]
      : [key, request];
  });
  return Object.fromEntries(encoded);
}

function encodeInputParams(params: JsonObject): JsonObject {
  const known = without(params, 'task', 'elicitationId');
  return known['tools'] === undefined ? known : { ...known, tools: encodeTools(known['tools']) };
}

function encodeTools(tools: JsonValue | undefined): JsonValue | undefined {
  return mapObjects(tools, (tool) => without(tool, 'execution'));
}
