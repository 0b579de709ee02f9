import { isJsonObject, own } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { MetaKey } from '../meta.ts';
import { ProtocolError } from '../protocol-error.ts';
import type { Outcome, RevisionCodec } from './codec.ts';
import { errorIn } from './error-codes.ts';
import { knownIn, mapMember, mapObjects, without } from './fields.ts';
import { encodeContent, encodeContents, encodeYield } from './legacy-content.ts';
import { encodeElicitation } from './legacy-elicitation.ts';
import { encodeImplementation, encodePrompt, encodeResource, encodeTool } from './legacy-items.ts';
import { encodeSampled, encodeSampling } from './legacy-sampling.ts';
import { checkShape } from './result-shapes.ts';
import { findRevision, JUNE_2025, NOVEMBER_2025 } from './revisions.ts';

/** The codec of the revisions up to 2025-11-25: what a revision does not know is left out or put in words it knows. */
export const legacy: RevisionCodec = {
  era: 'legacy',
  encodeParams: (method, params, { revision }) => params && encodeParams(revision, method, params),
  decodeEnvelope: () => undefined,
  encodeResult: (method, result, { revision }) => {
    if (result['resultType'] === 'input_required') {
      throw new ProtocolError(
        'not-allowed',
        `${method} cannot be answered with input_required in ${revision}`,
      );
    }
    const bare = withoutServerInfo(without(result, 'resultType', 'ttlMs', 'cacheScope'));
    return RESULTS.get(method)?.(revision, bare) ?? bare;
  },
  decodeResult,
  encodeInputRequest: (method, params, { revision }) =>
    INPUT_REQUESTS.get(method)?.(revision, params) ?? params,
  encodeError: (error, { revision }) => errorIn(revision, error),
};

type Encode = (revision: string, object: JsonObject) => JsonObject;

const RESULTS: ReadonlyMap<string, Encode> = new Map([
  ['initialize', encodeOpening],
  ['tools/list', eachIn('tools', encodeTool)],
  ['tools/call', encodeYield],
  ['prompts/list', eachIn('prompts', encodePrompt)],
  ['prompts/get', eachIn('messages', eachIn('content', encodeContent))],
  ['resources/list', eachIn('resources', encodeResource)],
  ['resources/templates/list', eachIn('resourceTemplates', encodeResource)],
  ['resources/read', eachIn('contents', encodeContents)],
  ['sampling/createMessage', encodeSampled],
]);

const INPUT_REQUESTS: ReadonlyMap<string, Encode> = new Map([
  ['elicitation/create', encodeElicitation],
  ['sampling/createMessage', encodeSampling],
]);

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

/** The answer to `initialize` is in the revision that it agrees to, whatever was known before. */
function encodeOpening(revision: string, result: JsonObject): JsonObject {
  const agreed = findRevision(result['protocolVersion'])?.date ?? revision;
  return eachIn('serverInfo', encodeImplementation)(agreed, result);
}

/** Encodes the object in a member, or each object of the list in it. */
function eachIn(member: string, encode: Encode): Encode {
  return (revision, object) =>
    mapMember(object, member, (value: JsonValue) =>
      isJsonObject(value) ? encode(revision, value) : mapObjects(value, (item) => encode(revision, item)),
    );
}

function withoutServerInfo(result: JsonObject): JsonObject {
  const meta = result['_meta'];
  if (!isJsonObject(meta) || !Object.hasOwn(meta, MetaKey.serverInfo)) return result;
  const rest = without(meta, MetaKey.serverInfo);
  return Object.keys(rest).length === 0 ? without(result, '_meta') : { ...result, _meta: rest };
}
