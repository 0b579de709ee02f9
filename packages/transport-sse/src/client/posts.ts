import { discard, readRefusal, type MakeRequest } from '@trunkline/http-host/client';
import { TransportError } from '@trunkline/transport';

/**
 * Posts frames, each in a request of its own, and in order: the next one goes once the server has answered the last. A
 * server that answers only when it has dealt with a message is not waited for: what it waits for may be in the next one.
 */
export class Posts {
  readonly #make: MakeRequest;
  readonly #signal: AbortSignal;
  readonly #failed: (error: TransportError) => void;
  readonly #open = new Set<Promise<void>>();

  /** `failed` is told of a post that was refused when nobody waited for that any more. */
  constructor(make: MakeRequest, signal: AbortSignal, failed: (error: TransportError) => void) {
    this.#make = make;
    this.#signal = signal;
    this.#failed = failed;
  }

  /** Resolves when another frame may be posted; rejects if this one is known not to be taken. */
  async post(frame: string): Promise<void> {
    const post = this.#post(frame).finally(() => this.#open.delete(post));
    this.#open.add(post);
    if (await settles(post, PATIENCE)) return post;
    post.catch(this.#failed);
    while (this.#open.size >= MAX_OPEN) await Promise.race(this.#open).catch(ignore);
  }

  /** Resolves when every post is answered, or after a while. */
  async flushed(): Promise<void> {
    if (this.#open.size > 0) await settles(Promise.allSettled(this.#open), FLUSH);
  }

  async #post(frame: string): Promise<void> {
    const signal = this.#signal;
    const response = await this.#make({ method: 'POST', body: frame, fields: FIELDS, signal });
    if (response.ok) return discard(response);
    const refusal = await readRefusal(response, { inSession: true, signal });
    if (refusal instanceof TransportError) throw refusal;
  }
}

const FIELDS = { 'content-type': 'application/json' };

/** Milliseconds that the next frame waits for the answer to the last. */
const PATIENCE = 1_000;

/** Posts that may be unanswered. */
const MAX_OPEN = 64;

/** Milliseconds that closing waits for the answers to posts. */
const FLUSH = 500;

/** Whether a promise settles in time. */
async function settles(promise: Promise<unknown>, within: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(resolve, within, false)));
  const settled = promise.then(yes, yes);
  const inTime = await Promise.race([settled, late]);
  clearTimeout(timer);
  return inTime;
}

function yes(): true {
  return true;
}

function ignore(): void {}
