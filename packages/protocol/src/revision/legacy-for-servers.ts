import { isJsonObject } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { MetaKey } from '../meta.ts';
import { ProtocolError } from '../protocol-error.ts';
import type { ServerCodec } from './codec.ts';
import { errorIn } from './error-codes.ts';
import { without } from './fields.ts';
import { encodeContent, encodeContents, encodeYield } from './legacy-content.ts';
import { eachIn, type Encode } from './legacy-each.ts';
import { encodeElicitation } from './legacy-elicitation.ts';
import { encodeImplementation, encodePrompt, encodeResource, encodeTool } from './legacy-items.ts';
import { encodeSampled, encodeSampling } from './legacy-sampling.ts';
import { findRevision } from './revisions.ts';

/** The revisions up to 2025-11-25 for servers: what a revision does not know is left out or put in words it knows. */
export const legacyForServers: ServerCodec = {
  era: 'legacy',
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
  encodeInputRequest: (method, params, { revision }) =>
    INPUT_REQUESTS.get(method)?.(revision, params) ?? params,
  encodeError: (error, { revision }) => errorIn(revision, error),
};

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

/** The answer to `initialize` is in the revision that it agrees to, whatever was known before. */
function encodeOpening(revision: string, result: JsonObject): JsonObject {
  const agreed = findRevision(result['protocolVersion'])?.date ?? revision;
  return eachIn('serverInfo', encodeImplementation)(agreed, result);
}

function withoutServerInfo(result: JsonObject): JsonObject {
  const meta = result['_meta'];
  if (!isJsonObject(meta) || !Object.hasOwn(meta, MetaKey.serverInfo)) return result;
  const rest = without(meta, MetaKey.serverInfo);
  return Object.keys(rest).length === 0 ? without(result, '_meta') : { ...result, _meta: rest };
}
