import type { CreateMessageRequestParams, ElicitRequestParams, JsonObject } from '@trunkline/protocol';
import type { Context } from '@trunkline/session';
import { GroupError } from './group-error.ts';
import type { Relayed } from './relayed-calls.ts';

interface Question {
  readonly method: string;
  readonly params: JsonObject;
  readonly answer: (answer: JsonObject) => void;
  readonly fail: (error: unknown) => void;
}

/** What a relayed call has come to: its result, or what has to be asked first. */
export type Turn =
  | { readonly result: JsonObject }
  | { readonly asked: Readonly<Record<string, { method: string; params: JsonObject }>> };

/**
 * One call to a server, made once and kept open however many requests its caller needs for it. What the server asks goes to
 * the caller: directly where it can be asked during a request, else between two requests.
 */
export class RelayedCall implements Relayed {
  readonly caller: object;
  readonly #abort = new AbortController();
  readonly #questions = new Map<string, Question>();
  readonly #outcome: Promise<Turn>;
  #context: Context | undefined;
  #wake: () => void = () => {};
  #count = 0;

  constructor(caller: object, start: (call: RelayedCall) => Promise<JsonObject>) {
    this.caller = caller;
    this.#outcome = start(this).then((result) => ({ result }));
    // It may fail while nobody waits for it.
    this.#outcome.catch(() => {});
  }

  /** Aborted when nobody can hear the result any more. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The request that waits for this call now. */
  get context(): Context | undefined {
    return this.#context;
  }

  /** Waits, on behalf of one request, for the result or for something to ask. */
  async wait(context: Context): Promise<Turn> {
    this.#context = context;
    const stop = (): void => this.end(context.signal.reason);
    context.signal.addEventListener('abort', stop, { once: true });
    try {
      if (context.signal.aborted) stop();
      const asked = new Promise<void>((resolve) => (this.#wake = resolve));
      const turn = this.#questions.size > 0 ? undefined : await Promise.race([this.#outcome, asked]);
      return turn ?? { asked: this.#open() };
    } finally {
      context.signal.removeEventListener('abort', stop);
      this.#context = undefined;
    }
  }

  /** Takes what the caller answered; what it left open is asked again. */
  answer(responses: JsonObject): void {
    for (const [key, question] of [...this.#questions]) {
      if (!Object.hasOwn(responses, key)) continue;
      this.#questions.delete(key);
      question.answer(responses[key] as JsonObject);
    }
  }

  /** Gives up on the call and on what it asked. */
  end(reason: unknown): void {
    this.#abort.abort(reason);
    for (const { fail } of this.#questions.values()) fail(reason);
    this.#questions.clear();
  }

  ask(method: string, params: JsonObject): Promise<JsonObject> {
    const context = this.#context;
    if (context?.era === 'legacy') return askNow(context, method, params);
    if (this.signal.aborted) return Promise.reject(this.signal.reason);
    return new Promise((answer, fail) => {
      this.#count += 1;
      this.#questions.set(`relayed-${this.#count}`, { method, params, answer, fail });
      this.#wake();
    });
  }

  #open(): Record<string, { method: string; params: JsonObject }> {
    const open = [...this.#questions].map(([key, { method, params }]) => [key, { method, params }] as const);
    return Object.fromEntries(open);
  }
}

async function askNow({ ask }: Context, method: string, params: JsonObject): Promise<JsonObject> {
  if (method === 'elicitation/create')
    return { ...(await ask.elicit(params as unknown as ElicitRequestParams)) };
  if (method === 'sampling/createMessage')
    return { ...(await ask.sample(params as unknown as CreateMessageRequestParams)) };
  if (method === 'roots/list') return { ...(await ask.roots()) };
  throw new GroupError('misuse', `${method} is nothing that a client can be asked`);
}
