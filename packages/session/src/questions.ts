import {
  isJsonObject,
  missingCapabilities,
  type ClientCapabilities,
  type JsonObject,
  type JsonValue,
} from '@trunkline/protocol';
import { SessionError } from './session-error.ts';

/** The methods by which a server asks its client. */
export type QuestionMethod = 'elicitation/create' | 'sampling/createMessage' | 'roots/list';

/** One thing a handler wants to know from the client. */
export interface Question {
  readonly method: QuestionMethod;
  readonly params: JsonObject;
  /** Names the question within its call; found by its content unless given. */
  readonly key?: string | undefined;
}

/** The client capabilities without which a question may not be asked. https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation */
export function requiredFor({ method, params }: Question): ClientCapabilities {
  if (method === 'roots/list') return { roots: {} };
  if (method === 'sampling/createMessage') {
    const withTools = params['tools'] !== undefined || params['toolChoice'] !== undefined;
    return { sampling: withTools ? { tools: {} } : {} };
  }
  return { elicitation: params['mode'] === 'url' ? { url: {} } : { form: {} } };
}

/** The questions in an input-required result, by key. */
export function questionsIn(inputRequests: JsonValue | undefined): [string, Question][] {
  const entries = Object.entries(
    (inputRequests ?? {}) as Record<string, { method: QuestionMethod; params?: JsonObject } & JsonObject>,
  );
  return entries.map(([key, { method, params }]) => [key, { method, params: params ?? {} }]);
}

/** Says in words what keeps a value from being an answer to a question of this method. */
export function answerDefect(method: QuestionMethod, answer: unknown): string | undefined {
  if (!isJsonObject(answer)) return 'not an object';
  if (method === 'roots/list') return Array.isArray(answer['roots']) ? undefined : 'roots is not an array';
  if (method === 'sampling/createMessage') {
    if (typeof answer['model'] !== 'string') return 'model is not a string';
    return isJsonObject(answer['content']) || Array.isArray(answer['content'])
      ? undefined
      : 'content is missing';
  }
  const { action, content } = answer;
  if (action !== 'accept' && action !== 'decline' && action !== 'cancel')
    return 'action is not accept, decline or cancel';
  return content === undefined || isJsonObject(content) ? undefined : 'content is not an object';
}

const ASKING_METHODS: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read']);

/** Throws unless a handler of `method` may put this question to a client with these capabilities. */
export function assertMayAsk(method: string, question: Question, declared: ClientCapabilities): void {
  if (!ASKING_METHODS.has(method)) {
    throw new SessionError(
      'misuse',
      `ask in ${method}: only tools/call, prompts/get and resources/read may ask the client`,
    );
  }
  const required = missingCapabilities(declared, requiredFor(question));
  if (!required) return;
  throw new SessionError(
    'capability-missing',
    `${question.method}: the client did not declare ${JSON.stringify(required)}`,
    { required },
  );
}
