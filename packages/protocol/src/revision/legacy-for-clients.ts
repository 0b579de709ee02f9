import { isJsonObject, own } from '../json.ts';
import type { JsonObject } from '../json.ts';
import type { ClientCodec, Outcome } from './codec.ts';
import { knownIn, without } from './fields.ts';
import { eachIn, type Encode } from './legacy-each.ts';
import { encodeImplementation } from './legacy-items.ts';
import { checkShape } from './result-shapes.ts';
import { JUNE_2025, NOVEMBER_2025 } from './revisions.ts';

/** The revisions up to 2025-11-25 for clients: what a revision does not know is left out. */
export const legacyForClients: ClientCodec = {
  era: 'legacy',
  encodeParams: (method, params, { revision }) => params && encodeParams(revision, method, params),
  decodeResult,
};

/** The requests that 2025-11-25 can answer with a task instead of their result. */
const TASK_METHODS: readonly string[] = ['tools/call', 'sampling/createMessage', 'elicitation/create'];

function encodeParams(revision: string, method: string, params: JsonObject): JsonObject {
  const known = knownIn(revision, without(params, 'inputResponses', 'requestState'), { task: NOVEMBER_2025 });
  if (method === 'initialize') return eachIn('clientInfo', encodeImplementation)(revision, known);
  if (method !== 'completion/complete') return known;
  const reference: Encode = (_revision, ref) => knownIn(revision, ref, { title: JUNE_2025 });
  return eachIn('ref', reference)(revision, knownIn(revision, known, { context: JUNE_2025 }));
}

function decodeResult(method: string, wire: JsonObject): Outcome {
  const result = without(wire, 'resultType');
  if (
    TASK_METHODS.includes(method) &&
    isJsonObject(own(result, 'task')) &&
    own(result, 'content') === undefined
  ) {
    return { kind: 'extension', resultType: 'task', result };
  }
  checkShape(method, result);
  return { kind: 'complete', result };
}
