import type { InputRequests, JsonObject } from '@trunkline/protocol';
import { SessionError, type Clock, type Progress } from '@trunkline/session';
import type { CallContext } from '../context.ts';

/** Makes the call; it ends when the remote server answers or the signal is aborted. */
export type Start = (signal: AbortSignal, onProgress: (progress: Progress) => void) => Promise<JsonObject>;

/** What became of a call: its result, or what the remote server wants to know first. */
export type Outcome = { readonly result: JsonObject } | { readonly questions: InputRequests };

interface Waiting {
  readonly request: InputRequests[string];
  readonly answer: (answer: JsonObject) => void;
  readonly refuse: (reason: Error) => void;
}

/** A call that is open at the remote server, whoever waits for it here. */
export class OpenCall {
  readonly #clock: Clock;
  readonly #abort = new AbortController();
  readonly #result: Promise<JsonObject>;
  readonly #waiting = new Map<string, Waiting>();
  #context: CallContext | undefined;
  #asked: (() => void) | undefined;
  #count = 0;

  constructor(start: Start, clock: Clock) {
    this.#clock = clock;
    this.#result = start(
      this.#abort.signal,
      ({ progress, total, message }) => void this.#context?.progress(progress, total, message),
    );
    this.#result.catch(() => {});
  }

  /** Resolves when the call is over, however it ended. Never rejects. */
  get over(): Promise<void> {
    return Promise.allSettled([this.#result]).then(() => undefined);
  }

  /** What the remote server asks in the middle of the call. Waits for the answer that a caller here brings. */
  ask(request: InputRequests[string]): Promise<JsonObject> {
    return new Promise((answer, refuse) => {
      this.#waiting.set(`q${(this.#count += 1)}`, { request, answer, refuse });
      this.#asked?.();
    });
  }

  /** Hands the answers of a caller to the remote server. */
  answer(responses: JsonObject): void {
    for (const [key, waiting] of this.#waiting) {
      const response = Object.hasOwn(responses, key) ? responses[key] : undefined;
      if (response === undefined) continue;
      this.#waiting.delete(key);
      waiting.answer(response as JsonObject);
    }
  }

  /** Waits on behalf of a caller, who hears of progress and may give up, until there is a result or a question. */
  async next(context: CallContext): Promise<Outcome> {
    const { signal } = context;
    const giveUp = (): void => this.abort(signal.reason);
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    this.#context = context;
    try {
      const result = await Promise.race([this.#result, this.#question()]);
      return result ? { result } : { questions: this.#questions() };
    } finally {
      this.#context = undefined;
      signal.removeEventListener('abort', giveUp);
    }
  }

  /** Gives the call up; the remote server is told. */
  abort(reason: unknown): void {
    this.#abort.abort(reason);
    const refusal = new SessionError('link-lost', 'nobody waits for the call any more');
    for (const { refuse } of this.#waiting.values()) refuse(refusal);
    this.#waiting.clear();
  }

  /** Resolves one turn after a question, so that those which are asked at once go out at once. */
  #question(): Promise<undefined> {
    return new Promise((resolve) => {
      this.#asked = () => this.#clock.after(0, () => resolve(undefined));
      if (this.#waiting.size > 0) this.#asked();
    });
  }

  #questions(): InputRequests {
    return Object.fromEntries([...this.#waiting].map(([key, { request }]) => [key, request]));
  }
}
