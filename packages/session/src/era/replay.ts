import { ErrorCode, isJsonObject, RemoteError, type JsonObject, type JsonValue } from '@trunkline/protocol';
import { fingerprint } from '../fingerprint.ts';
import { principalOf } from '../principal.ts';
import { answerDefect, assertMayAsk, questionsIn, type Question, type QuestionMethod } from '../questions.ts';
import type { StateBinding } from '../request-state.ts';
import { SessionError } from '../session-error.ts';
import { Suspended } from '../suspended.ts';
import type { ServedRequest } from './server-era.ts';

/** What a sealed state remembers of the rounds before. */
interface Memory {
  /** Answers by the key of their question. */
  readonly answers: Record<string, JsonObject>;
  /** Results of effects by name. */
  readonly effects: Record<string, JsonValue>;
  /** What the last round asked. */
  readonly asked: Record<string, QuestionMethod>;
  /** State of the author's own, for handlers that return the input-required value themselves. */
  readonly authored?: string;
  readonly round: number;
}

interface Waiting {
  readonly question: Question;
  readonly reject: (reason: Suspended) => void;
}

/** Rounds in which one call may ask. */
const MAX_ROUNDS = 10;

const NOTHING: Memory = { answers: {}, effects: {}, asked: {}, round: 0 };

/**
 * One run of a handler that asks its client in the modern era: known answers are given at once; the first unknown one opens
 * a round, which closes one turn of the event loop later and suspends the handler.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr
 */
export class Replay {
  readonly #request: ServedRequest;
  readonly #answers: Map<string, JsonObject>;
  readonly #effects: Map<string, JsonValue>;
  readonly #running = new Map<string, Promise<JsonValue>>();
  readonly #unused: Set<string>;
  readonly #seen = new Map<string, number>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #round: number;
  #closed = false;

  constructor(request: ServedRequest, memory: Memory = NOTHING) {
    this.#request = request;
    this.#answers = new Map(Object.entries(memory.answers));
    this.#effects = new Map(Object.entries(memory.effects));
    this.#unused = new Set(this.#answers.keys());
    this.#round = memory.round;
  }

  /** Whether the client heard everything up to here when the handler ran before. */
  get silent(): boolean {
    return this.#unused.size > 0;
  }

  /** Whether the run ends with questions, whatever the handler makes of it. */
  get suspended(): boolean {
    return this.#waiting.size > 0;
  }

  /** The answer to a question, now or in a later run. */
  ask(question: Question): Promise<JsonObject> {
    const key = question.key ?? this.#keyOf(question);
    const answer = this.#answers.get(key);
    this.#unused.delete(key);
    if (answer) return Promise.resolve(answer);
    this.#unused.clear();
    if (this.#closed) return Promise.reject(new Suspended());
    if (this.#waiting.has(key))
      return Promise.reject(new SessionError('misuse', `two open questions have the key "${key}"`));
    if (this.#waiting.size === 0) this.#request.core.clock.after(0, () => this.#close());
    return new Promise((_, reject) => this.#waiting.set(key, { question, reject }));
  }

  /** The result of an effect, run now unless a run before did. */
  async once(name: string, effect: () => JsonValue | Promise<JsonValue>): Promise<JsonValue> {
    const known = this.#effects.get(name);
    if (known !== undefined) return known;
    const running = this.#running.get(name) ?? Promise.resolve(effect());
    this.#running.set(name, running);
    const value = (await running) ?? null;
    this.#effects.set(name, value);
    return value;
  }

  /** What the client has to do before the call can go on: answer the open questions, or those the handler returned itself. */
  async inputRequired(returned?: JsonObject): Promise<JsonObject> {
    if (this.#round + 1 > MAX_ROUNDS) {
      throw new SessionError(
        'too-many-rounds',
        `${this.#request.method} asked its client in more than ${MAX_ROUNDS} rounds`,
      );
    }
    const questions = returned ? questionsIn(returned['inputRequests']) : this.#open();
    for (const [, question] of questions)
      assertMayAsk(this.#request.method, question, this.#request.clientCapabilities);
    // An effect that is slower than the questions beside it is waited for, else the next run would have it again.
    await Promise.allSettled(this.#running.values());
    const memory: Memory = {
      answers: Object.fromEntries(this.#answers),
      effects: Object.fromEntries(this.#effects),
      asked: Object.fromEntries(questions.map(([key, { method }]) => [key, method])),
      ...(typeof returned?.['requestState'] === 'string' && { authored: returned['requestState'] }),
      round: this.#round + 1,
    };
    return {
      resultType: 'input_required',
      ...(questions.length > 0 && {
        inputRequests: Object.fromEntries(
          questions.map(([key, { method, params }]) => [key, { method, params }]),
        ),
      }),
      requestState: await this.#request.core.requestStates.seal(
        memory as unknown as JsonObject,
        bindingOf(this.#request),
      ),
    };
  }

  #open(): [string, Question][] {
    return [...this.#waiting].map(([key, { question }]) => [key, question]);
  }

  #close(): void {
    this.#closed = true;
    for (const { reject } of this.#waiting.values()) reject(new Suspended());
  }

  /** The same question asked twice in one run is two questions. */
  #keyOf({ method, params }: Question): string {
    const content = `${method} ${JSON.stringify(params)}`;
    const occurrence = (this.#seen.get(content) ?? 0) + 1;
    this.#seen.set(content, occurrence);
    return `${method.slice(0, method.indexOf('/'))}-${fingerprint(content)}-${occurrence}`;
  }
}

/** Continues a call from what its params say was suspended: the run, and the params for the handler. */
export async function resume(
  params: JsonObject,
  request: ServedRequest,
): Promise<{ replay: Replay; params: JsonObject }> {
  const { requestState, inputResponses, ...plain } = params;
  if (requestState === undefined) return { replay: new Replay(request), params: plain };
  const memory = (await request.core.requestStates.open(
    requestState,
    bindingOf(request),
  )) as unknown as Memory;
  const answers = accepted(inputResponses, memory.asked);
  const replay = new Replay(request, { ...memory, answers: { ...memory.answers, ...answers } });
  const authored = memory.authored === undefined ? {} : { requestState: memory.authored };
  return { replay, params: { ...plain, ...authored, inputResponses: answers } };
}

function bindingOf(request: ServedRequest): StateBinding {
  const { requestState: _state, inputResponses: _responses, _meta, ...params } = request.params;
  return {
    principal: principalOf(request.origin.auth),
    method: request.method,
    params,
    definition: request.core.definitionOf(request.method, request.params),
  };
}

/** The responses to what was asked; others are ignored. https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr */
function accepted(
  responses: JsonValue | undefined,
  asked: Record<string, QuestionMethod>,
): Record<string, JsonObject> {
  if (responses === undefined) return {};
  if (!isJsonObject(responses))
    throw new RemoteError(ErrorCode.InvalidParams, 'inputResponses is not an object');
  const answers: [string, JsonObject][] = [];
  for (const [key, method] of Object.entries(asked)) {
    if (!Object.hasOwn(responses, key)) continue;
    const answer = responses[key];
    const defect = answerDefect(method, answer);
    if (defect) throw new RemoteError(ErrorCode.InvalidParams, `inputResponses["${key}"]: ${defect}`);
    answers.push([key, answer as JsonObject]);
  }
  return Object.fromEntries(answers);
}
