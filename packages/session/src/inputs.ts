import {
  invalidParams,
  methodNotFound,
  missingCapabilities,
  ProtocolError,
  type ClientCapabilities,
  type CreateMessageRequestParams,
  type CreateMessageResult,
  type ElicitRequestParams,
  type ElicitResult,
  type Implementation,
  type InputRequests,
  type JsonObject,
  type RemoteError,
  type Root,
} from '@trunkline/protocol';
import { withDefaults } from './form-defaults.ts';
import { requiredFor, type QuestionMethod } from './questions.ts';

/** Who asks, and until when an answer is wanted. */
export interface InputContext {
  /** What the server calls itself. Unverified: show it to the user, decide nothing by it. */
  readonly serverInfo: Implementation | undefined;
  /** Aborted when the server no longer waits. */
  readonly signal: AbortSignal;
}

/** How a client answers what servers ask. What is given here is declared as a capability. */
export interface InputHandlers {
  /** Shows a form or a URL to the user. https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation */
  readonly onElicit?:
    | ((params: ElicitRequestParams, context: InputContext) => ElicitResult | Promise<ElicitResult>)
    | undefined;
  /**
   * Asks a model.
   * @deprecated since 2026-07-28: servers should call a provider directly. https://modelcontextprotocol.io/specification/2026-07-28/client/sampling
   */
  readonly onSample?:
    | ((
        params: CreateMessageRequestParams,
        context: InputContext,
      ) => CreateMessageResult | Promise<CreateMessageResult>)
    | undefined;
  /**
   * The directories a server may work in.
   * @deprecated since 2026-07-28: pass paths as arguments. https://modelcontextprotocol.io/specification/2026-07-28/client/roots
   */
  readonly roots?:
    | readonly Root[]
    | ((context: InputContext) => readonly Root[] | Promise<readonly Root[]>)
    | undefined;
}

/** What a client answers with, and what it declares beside what its handlers show. */
export interface Answering extends InputHandlers {
  readonly capabilities?: ClientCapabilities | undefined;
}

/** Everything that a client declares: what its handlers show, unless it says otherwise itself. */
export function declaredBy({ onElicit, onSample, roots, capabilities }: Answering): ClientCapabilities {
  return {
    ...(onElicit && { elicitation: { form: {}, url: {} } }),
    ...(onSample && { sampling: {} }),
    ...(roots && { roots: { listChanged: true } }),
    ...capabilities,
  };
}

/** Answers one question of a server. Rejects with -32601 or -32602 what this client did not declare. */
export async function answer(
  answering: Answering,
  method: string,
  params: JsonObject,
  context: InputContext,
): Promise<JsonObject> {
  const refusal = refusalOf(answering, method, params);
  if (refusal) throw refusal;
  const { onElicit, onSample, roots } = answering;
  if (method === 'elicitation/create' && onElicit) {
    return { ...withDefaults(await onElicit(params as unknown as ElicitRequestParams, context), params) };
  }
  if (method === 'sampling/createMessage' && onSample) {
    return { ...(await onSample(params as unknown as CreateMessageRequestParams, context)) };
  }
  if (method === 'roots/list' && roots) {
    return { roots: [...(typeof roots === 'function' ? await roots(context) : roots)] as JsonObject[] };
  }
  throw methodNotFound(method);
}

/** Answers everything that a call needs before it can go on, all at once. Rejects if the server may not ask for it. */
export async function fulfil(
  answering: Answering,
  requests: InputRequests,
  context: InputContext,
): Promise<JsonObject> {
  const questions = Object.entries(requests);
  for (const [, { method, params = {} }] of questions) {
    const refusal = refusalOf(answering, method, params);
    if (refusal) throw new ProtocolError('not-allowed', `the server asked for input: ${refusal.reason}`);
  }
  const answers = questions.map(async ([key, { method, params = {} }]) => {
    return [key, await answer(answering, method, params, context)] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}

/** Why this client is not to be asked; `undefined` if it is. */
function refusalOf(answering: Answering, method: string, params: JsonObject): RemoteError | undefined {
  const handlers: ReadonlyMap<string, unknown> = new Map<QuestionMethod, unknown>([
    ['elicitation/create', answering.onElicit],
    ['sampling/createMessage', answering.onSample],
    ['roots/list', answering.roots],
  ]);
  if (!handlers.get(method)) return methodNotFound(method);
  const question = { method: method as QuestionMethod, params };
  const missing = missingCapabilities(declaredBy(answering), requiredFor(question));
  return missing && invalidParams(`${method}: this client did not declare ${JSON.stringify(missing)}`);
}
