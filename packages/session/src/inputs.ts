import {
  methodNotFound,
  type ClientCapabilities,
  type CreateMessageRequestParams,
  type CreateMessageResult,
  type ElicitRequestParams,
  type ElicitResult,
  type Implementation,
  type InputRequests,
  type JsonObject,
  type Root,
} from '@trunkline/protocol';
import { withDefaults } from './form-defaults.ts';

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

/** The capabilities that a client's handlers show. */
export function capabilitiesOf({ onElicit, onSample, roots }: InputHandlers): ClientCapabilities {
  return {
    ...(onElicit && { elicitation: { form: {}, url: {} } }),
    ...(onSample && { sampling: {} }),
    ...(roots && { roots: { listChanged: true } }),
  };
}

/** Answers one question of a server. Rejects with -32601 if this client has no handler for it. */
export async function answer(
  handlers: InputHandlers,
  method: string,
  params: JsonObject,
  context: InputContext,
): Promise<JsonObject> {
  const { onElicit, onSample, roots } = handlers;
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

/** Answers everything that a call needs before it can go on, all at once. */
export async function fulfil(
  handlers: InputHandlers,
  requests: InputRequests,
  context: InputContext,
): Promise<JsonObject> {
  const answers = Object.entries(requests).map(async ([key, { method, params = {} }]) => {
    return [key, await answer(handlers, method, params, context)] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}
