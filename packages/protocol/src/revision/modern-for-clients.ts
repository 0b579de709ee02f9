import { isJsonObject, own } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { InputRequests } from '../input-required.ts';
import { ProtocolError } from '../protocol-error.ts';
import type { ClientCodec, Outcome } from './codec.ts';
import { withEnvelope } from './envelope.ts';
import { without } from './fields.ts';
import { findMethod } from './methods.ts';
import { scopeOf, ttlOf } from './caching-hints.ts';
import { checkShape, unexpected } from './result-shapes.ts';
import { LATEST } from './revisions.ts';

/** Longest time that a client keeps a result, whatever the server says: a day. */
const MAX_TTL_MS = 86_400_000;

/** 2026-07-28 and later for clients: the envelope travels with each request, and each result says what it is. */
export const modernForClients: ClientCodec = {
  era: 'modern',
  encodeParams: (_method, params, envelope) => withEnvelope(params && without(params, 'task'), envelope),
  decodeResult,
};

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
