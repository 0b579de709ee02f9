import type { InputRequests } from '../input-required.ts';
import { isJsonObject, own } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { MetaKey } from '../meta.ts';
import { ProtocolError } from '../protocol-error.ts';
import type { EncodeContext, Outcome, RevisionCodec } from './codec.ts';
import { readEnvelope, withEnvelope } from './envelope.ts';
import { errorIn } from './error-codes.ts';
import { mapObjects, without } from './fields.ts';
import { findMethod } from './methods.ts';
import { checkShape, unexpected } from './result-shapes.ts';
import { LATEST } from './revisions.ts';

/** Longest time that a client keeps a result, whatever the server says: a day. */
const MAX_TTL_MS = 86_400_000;

/** The codec of 2026-07-28 and later: the envelope travels with each request, and each result says what it is. */
export const modern: RevisionCodec = {
  era: 'modern',
  encodeParams: (_method, params, envelope) => withEnvelope(params && without(params, 'task'), envelope),
  decodeEnvelope: readEnvelope,
  encodeResult,
  decodeResult,
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

function decodeResult(method: string, wire: JsonObject): Outcome {
  const { resultType = 'complete', ...result } = wire;
  if (typeof resultType !== 'string') throw unexpected(method, 'result.resultType', 'a string');
  const traits = findMethod(LATEST.modern, 'client-request', method);
  if (resultType === 'input_required') {
    if (traits?.mayRequireInput) return decodeInputRequired(method, result);
    throw new ProtocolError('not-allowed', `${method} was answered with input_required`);
  }
  if (resultType !== 'complete') return { kind: 'extension', resultType, result };
  checkShape(method, result);
  if (traits?.cacheable) {
    result['ttlMs'] = Math.min(ttlOf(result['ttlMs']), MAX_TTL_MS);
    result['cacheScope'] = scopeOf(result['cacheScope']);
  }
  return { kind: 'complete', result };
}

function decodeInputRequired(method: string, result: JsonObject): Outcome {
  const { inputRequests, requestState } = result;
  if (inputRequests === undefined && requestState === undefined) {
    throw unexpected(method, 'an input_required result', 'complete without inputRequests and requestState');
  }
  if (requestState !== undefined && typeof requestState !== 'string') {
    throw unexpected(method, 'result.requestState', 'a string');
  }
  if (inputRequests === undefined) return { kind: 'input_required', requestState: requestState as string };
  if (!areInputRequests(inputRequests)) {
    throw unexpected(method, 'result.inputRequests', 'a set of elicitation, sampling and roots requests');
  }
  return requestState === undefined
    ? { kind: 'input_required', inputRequests }
    : { kind: 'input_required', inputRequests, requestState };
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

function ttlOf(value: JsonValue | undefined): number {
  return typeof value === 'number' && value > 0 ? Math.min(Math.floor(value), Number.MAX_SAFE_INTEGER) : 0;
}

function scopeOf(value: JsonValue | undefined): 'public' | 'private' {
  return value === 'public' ? 'public' : 'private';
}

function areInputRequests(value: JsonValue): value is InputRequests {
  return isJsonObject(value) && Object.values(value).every(isInputRequest);
}

function isInputRequest(value: JsonValue | undefined): boolean {
  if (!isJsonObject(value)) return false;
  const method = own(value, 'method');
  if (method === 'roots/list') return true;
  return (
    (method === 'elicitation/create' || method === 'sampling/createMessage') &&
    isJsonObject(own(value, 'params'))
  );
}
