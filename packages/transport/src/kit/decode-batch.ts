import {
  ErrorCode,
  isJsonObject,
  isRequestId,
  messageDefect,
  type JsonObject,
  type JsonRpcMessage,
  type RequestId,
} from '@trunkline/protocol';
import { TransportError } from '../transport-error.ts';
import { surveyDefect, type JsonSurvey } from './guard.ts';
import { errorAnswer } from './refusal.ts';

/** Checks the values of a parsed array. One defect refuses all of it: half a batch is nothing its sender asked for. */
export function decodeBatch(
  values: unknown[],
  survey: JsonSurvey,
  maxBatch: number,
): JsonRpcMessage[] | TransportError {
  const tooMany = values.length > maxBatch;
  const defect = tooMany ? `more than ${maxBatch} messages` : (surveyDefect(survey) ?? batchDefect(values));
  if (defect === undefined) return values as JsonRpcMessage[];
  const reason = `not a JSON-RPC batch: ${defect}`;
  const responses = values.filter(isResponseLike);
  const [lost, ...others] = responses.map((response) => response['id']).filter(isRequestId);
  return new TransportError(tooMany ? 'too-large' : 'malformed', reason, {
    ...(responses.length === values.length && values.length > 0
      ? {}
      : { answer: errorAnswer(ErrorCode.InvalidRequest, reason) }),
    ...(lost === undefined || others.length > 0 ? {} : { inReplyTo: lost }),
  });
}

function batchDefect(values: unknown[]): string | undefined {
  if (values.length === 0) return 'it is empty';
  const asked = new Set<RequestId>();
  const answered = new Set<RequestId>();
  for (const value of values) {
    const defect = messageDefect(value);
    if (defect !== undefined) return defect;
    const message = value as JsonRpcMessage;
    if ('method' in message && message.method === 'initialize') return 'initialize stands alone';
    if (!('id' in message) || message.id === undefined) continue;
    const ids = 'method' in message ? asked : answered;
    if (ids.has(message.id)) return 'an id occurs twice';
    ids.add(message.id);
  }
  return undefined;
}

function isResponseLike(value: unknown): value is JsonObject {
  return isJsonObject(value) && !('method' in value) && ('result' in value || 'error' in value);
}
