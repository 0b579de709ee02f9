import {
  ASSUMED_REVISION,
  serverCodecOf,
  ErrorCode,
  findRevision,
  isJsonObject,
  LATEST,
  methodNotFound,
  ProtocolError,
  RemoteError,
  type Envelope,
  type Implementation,
  type JsonObject,
  type JsonValue,
} from '@trunkline/protocol';
import { cancelledNotification } from '../caller.ts';
import { isFollowable, MAX_URI_LENGTH } from '../changes.ts';
import type { Handler } from '../context.ts';
import { isLoggingLevel } from '../levels.ts';
import { answerDefect, assertMayAsk, questionsIn, type Question } from '../questions.ts';
import { SessionError } from '../session-error.ts';
import { isThenable } from '../thenable.ts';
import type { Conversation, EraMethod, ServedRequest, ServerEra } from './server-era.ts';

/** Serves links that open with `initialize` and let both sides ask. https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle */
export const legacyServer: ServerEra = {
  name: 'legacy',
  codec: /* @__PURE__ */ serverCodecOf('legacy'),
  methods: new Map<string, EraMethod>([
    ['initialize', { bounded: true, cancellable: false, handle: initialize }],
    ['ping', { bounded: false, handle: () => ({}) }],
    ['logging/setLevel', { bounded: true, handle: setLevel }],
    [
      'resources/subscribe',
      { bounded: true, handle: (params, request) => followed(params, request, 'follow') },
    ],
    [
      'resources/unsubscribe',
      { bounded: true, handle: (params, request) => followed(params, request, 'unfollow') },
    ],
  ]),
  serve: serveAsking,
  ask,
  once(name, effect, request) {
    const effects = EFFECTS.get(request) ?? new Map<string, Promise<JsonValue>>();
    EFFECTS.set(request, effects);
    const running = effects.get(name) ?? Promise.resolve(effect());
    effects.set(name, running);
    return running;
  },
  silent: () => false,
};

/** What a client says that has not opened a session: its binding may know the revision, nothing else is known. */
export function anonymousConversation(revision: string | undefined): Conversation {
  const known = findRevision(revision)?.era === 'legacy' ? revision : undefined;
  return { era: legacyServer, envelope: { revision: known ?? ASSUMED_REVISION, clientCapabilities: {} } };
}

/** Only calls that use `once` have an entry. */
const EFFECTS = new WeakMap<ServedRequest, Map<string, Promise<JsonValue>>>();
const MAX_ROUNDS = 10;
const MAX_NAME_LENGTH = 1024;
const MAX_CAPABILITIES_LENGTH = 64 * 1024;

function initialize(params: JsonObject, { core, link }: ServedRequest): JsonObject {
  const { protocolVersion, capabilities, clientInfo } = params;
  if (typeof protocolVersion !== 'string') throw invalid('initialize: protocolVersion is not a string');
  if (!isJsonObject(capabilities)) throw invalid('initialize: capabilities is not an object');
  if (JSON.stringify(capabilities).length > MAX_CAPABILITIES_LENGTH)
    throw invalid(`initialize: capabilities is longer than ${MAX_CAPABILITIES_LENGTH}`);
  if (link?.conversation)
    throw new RemoteError(ErrorCode.InvalidRequest, 'initialize: this session is open already');
  const revision = findRevision(protocolVersion)?.era === 'legacy' ? protocolVersion : LATEST.legacy;
  const envelope: Envelope = {
    revision,
    clientCapabilities: capabilities,
    clientInfo: identity(clientInfo),
    logLevel: 'debug',
  };
  if (link) link.conversation = { era: legacyServer, envelope };
  return {
    protocolVersion: revision,
    capabilities: core.capabilities(),
    serverInfo: { ...core.info },
    ...(core.instructions !== undefined && { instructions: core.instructions }),
  };
}

/** Kept for the whole session, so only what identifies the client and only within bounds. */
function identity(clientInfo: JsonValue | undefined): Implementation {
  if (
    !isJsonObject(clientInfo) ||
    typeof clientInfo['name'] !== 'string' ||
    typeof clientInfo['version'] !== 'string'
  ) {
    throw invalid('initialize: clientInfo needs a name and a version');
  }
  const { name, version, title } = clientInfo;
  return {
    name: name.slice(0, MAX_NAME_LENGTH),
    version: version.slice(0, MAX_NAME_LENGTH),
    ...(typeof title === 'string' && { title: title.slice(0, MAX_NAME_LENGTH) }),
  };
}

function setLevel({ level }: JsonObject, { link, core, method }: ServedRequest): JsonObject {
  if (!core.capabilities().logging) throw methodNotFound(method);
  if (!isLoggingLevel(level)) throw invalid(`logging/setLevel: ${JSON.stringify(level)} is not a level`);
  if (link?.conversation) {
    link.conversation = {
      ...link.conversation,
      envelope: { ...link.conversation.envelope, logLevel: level },
    };
  }
  return {};
}

function followed(
  { uri }: JsonObject,
  { link, core, method }: ServedRequest,
  verb: 'follow' | 'unfollow',
): JsonObject {
  if (!core.capabilities().resources?.subscribe)
    throw new RemoteError(ErrorCode.MethodNotFound, `${method}: this server offers no subscriptions`);
  if (!isFollowable(uri)) throw invalid(`${method}: uri is not a string of at most ${MAX_URI_LENGTH}`);
  link?.[verb](uri);
  return {};
}

/** A handler may return what it needs to know instead of asking: then it is asked for here and the handler runs again. */
function serveAsking(handler: Handler, params: JsonObject, request: ServedRequest): unknown {
  const result = handler(params, request);
  if (isThenable(result))
    return Promise.resolve(result).then((value) => satisfy(value, handler, params, request));
  return satisfy(result, handler, params, request);
}

function satisfy(result: unknown, handler: Handler, params: JsonObject, request: ServedRequest): unknown {
  return isJsonObject(result) && result['resultType'] === 'input_required'
    ? askAgain(result, handler, params, request)
    : result;
}

async function askAgain(
  first: JsonObject,
  handler: Handler,
  params: JsonObject,
  request: ServedRequest,
): Promise<unknown> {
  let result: unknown = first;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    if (!isJsonObject(result) || result['resultType'] !== 'input_required') return result;
    const { inputRequests = {}, requestState } = result;
    const answers = await Promise.all(
      questionsIn(inputRequests).map(async ([key, question]) => {
        assertMayAsk(request.method, question, request.clientCapabilities);
        return [key, await ask(question, request)] as const;
      }),
    );
    const again = {
      ...params,
      inputResponses: Object.fromEntries(answers),
      ...(requestState !== undefined && { requestState }),
    };
    result = await handler(again, request);
  }
  throw new SessionError(
    'too-many-rounds',
    `${request.method} asked its client in more than ${MAX_ROUNDS} rounds`,
  );
}

async function ask({ method, params }: Question, request: ServedRequest): Promise<JsonObject> {
  const { link, exchange, signal, revision } = request;
  if (!link) {
    throw new SessionError(
      'capability-missing',
      `${method}: there is no session over which the client could be asked`,
    );
  }
  const wire = legacyServer.codec.encodeInputRequest(method, params, { revision });
  const answer = await link.caller.call(method, wire, {
    options: { signal, timeout: Infinity },
    cancel: cancelledNotification,
    via: exchange,
  });
  const defect = answerDefect(method, answer);
  if (defect) throw new ProtocolError('unexpected-shape', `the client's answer to ${method}: ${defect}`);
  return answer;
}

function invalid(reason: string): RemoteError {
  return new RemoteError(ErrorCode.InvalidParams, reason);
}
