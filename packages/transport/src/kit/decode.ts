import {
  ErrorCode,
  isJsonObject,
  isRequestId,
  MAX_ID_LENGTH,
  messageDefect,
  type JsonRpcMessage,
} from '@trunkline/protocol';
import { TransportError } from '../transport-error.ts';
import { decodeBatch } from './decode-batch.ts';
import { endOfString, guardJson, skipBlanks, surveyDefect, type JsonSurvey } from './guard.ts';
import { errorAnswer, unparsable, type RefusalCode } from './refusal.ts';

/** What one frame may hold. `Infinity` turns a limit off. */
export interface DecodeLimits {
  /** Longest text, in UTF-16 units; 16 Mi unless said. */
  readonly maxLength?: number;
  /** Deepest nesting of arrays and objects; 64 unless said. */
  readonly maxDepth?: number;
  /** Most array elements and object members together; 100,000 unless said. */
  readonly maxElements?: number;
  /** Most messages in a batch; 100 unless said. */
  readonly maxBatch?: number;
}

/**
 * Turns the text of a frame into its message, into the messages of a batch (an array), or into the error that says why
 * not; never throws. The error carries the `answer` that a server sends, or `inReplyTo` when it is answers to our own
 * requests that are lost, or both when it cannot be told: a defective response is never answered.
 */
export function decodeFrame(
  text: string,
  limits: DecodeLimits = {},
): JsonRpcMessage | JsonRpcMessage[] | TransportError {
  const maxLength = limits.maxLength ?? 16 * 1024 * 1024;
  if (text.length > maxLength) return oversized(text.slice(0, HEAD_LENGTH), maxLength);
  const maxDepth = limits.maxDepth ?? 64;
  const maxElements = limits.maxElements ?? 100_000;
  const survey = guardJson(text, maxDepth, maxElements);
  if (survey.excess === 'depth') {
    return tooLarge(
      text,
      survey,
      ErrorCode.InvalidRequest,
      `a message nested deeper than ${maxDepth} levels`,
    );
  }
  if (survey.excess === 'elements') {
    return tooLarge(text, survey, ErrorCode.InvalidParams, `a message of more than ${maxElements} elements`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return unparsable(`${text.length} characters that are not JSON`, cause);
  }
  if (Array.isArray(value)) return decodeBatch(value, survey, limits.maxBatch ?? 100);
  const defect = surveyDefect(survey) ?? messageDefect(value);
  return defect === undefined ? (value as JsonRpcMessage) : malformed(value, survey, defect);
}

/**
 * The error for a message longer than `limit`. Finds out from the beginning of its text who waits for an answer. Called
 * by bindings that stop reading at a limit of their own.
 */
export function oversized(head: string, limit: number): TransportError {
  const survey = guardJson(head, Infinity, Infinity);
  const id = survey.idAt === -1 ? undefined : readToken(idToken(head, survey.idAt));
  return unusable('too-large', ErrorCode.InvalidRequest, `a message longer than ${limit}`, survey, id);
}

/** How much of the beginning is enough for {@link oversized}. */
export const HEAD_LENGTH = 4096;

/** Many peers write the id last: a simple one is found there although the text before it is not parsed. */
const ID_AT_END = /,\s*"id"\s*:\s*(-?\d{1,16}|"[^"\\]{0,1024}")\s*\}\s*$/;

function malformed(value: unknown, survey: JsonSurvey, defect: string): TransportError {
  const id = isJsonObject(value) && survey.idAt !== -1 && !survey.roundsId ? value['id'] : undefined;
  return unusable('malformed', ErrorCode.InvalidRequest, `not a JSON-RPC message: ${defect}`, survey, id);
}

function tooLarge(text: string, survey: JsonSurvey, code: RefusalCode, reason: string): TransportError {
  const token =
    survey.idAt === -1 ? ID_AT_END.exec(text.slice(-2 * MAX_ID_LENGTH))?.[1] : idToken(text, survey.idAt);
  return unusable('too-large', code, reason, survey, readToken(token));
}

function unusable(
  word: 'malformed' | 'too-large',
  code: RefusalCode,
  reason: string,
  survey: JsonSurvey,
  id: unknown,
): TransportError {
  const inReplyTo = !survey.hasMethod && isRequestId(id) ? { inReplyTo: id } : {};
  const isResponse = survey.hasOutcome && !survey.hasMethod;
  if (isResponse) return new TransportError(word, reason, inReplyTo);
  // What names no method may be an answer that lost its result: whoever waits for it hears of it as well.
  return new TransportError(word, reason, { answer: errorAnswer(code, reason, id), ...inReplyTo });
}

/** The text of an id, taken out of a message that is not worth parsing. */
function idToken(text: string, colon: number): string | undefined {
  const start = skipBlanks(text, skipBlanks(text, colon) + 1);
  if (text[start] !== '"') return /^-?\d{1,16}(?=\s*[,}])/.exec(text.slice(start, start + 32))?.[0];
  const end = endOfString(text, start);
  return end === -1 ? undefined : text.slice(start, end + 1);
}

function readToken(token: string | undefined): unknown {
  try {
    return token === undefined ? undefined : JSON.parse(token);
  } catch {
    return undefined;
  }
}
