import {
  abortable,
  bodyKind,
  discard,
  readEvents,
  readRefusal,
  requestsTo,
} from '@trunkline/http-host/client';
import { isTransportError, TransportError, type Channel, type ChannelEvents } from '@trunkline/transport';
import { Gate } from '../gate.ts';
import { endpointIn } from './endpoint.ts';
import type { SseClientOptions } from './options.ts';
import { Posts } from './posts.ts';

/** Longest event. */
export const MAX_BYTES: number = 16 * 1024 * 1024;

/** The stream that a server speaks on, and the posts that it hears. */
export class ClientChannel implements Channel {
  readonly #url: string;
  readonly #options: SseClientOptions;
  readonly #gone = new AbortController();
  readonly #gate = new Gate();
  #events: ChannelEvents | undefined;
  #posts: Posts | undefined;

  constructor(url: string, options: SseClientOptions) {
    this.#url = url;
    this.#options = options;
  }

  async open(events: ChannelEvents): Promise<void> {
    this.#events = events;
    const { connectTimeout = 10_000 } = this.#options;
    const opening = new AbortController();
    const giveUp = (): void => opening.abort(this.#gone.signal.reason);
    const timer = setTimeout(() => opening.abort(tooLate(this.#url, connectTimeout)), connectTimeout);
    this.#gone.signal.addEventListener('abort', giveUp);
    try {
      const response = await this.#listen(opening.signal);
      const { endpoint, ended } = this.#follow(response, events);
      const make = requestsTo(await abortable(endpoint, opening.signal), this.#options);
      this.#posts = new Posts(make, this.#gone.signal, events.closed);
      ended.catch(events.closed);
    } finally {
      clearTimeout(timer);
      this.#gone.signal.removeEventListener('abort', giveUp);
    }
  }

  write(frame: string): Promise<void> | void {
    const posting = this.#posts?.post(frame);
    // A session that the server forgot is of no more use; whoever sent the message is told first.
    void posting?.catch(asError).then((error) => isExpired(error) && this.#events?.closed(error));
    return posting;
  }

  pause(): void {
    this.#gate.close();
  }

  resume(): void {
    this.#gate.open();
  }

  async close(): Promise<void> {
    await this.#posts?.flushed();
    this.#gone.abort(new TransportError('closed', 'the link is closed', { delivery: 'not-sent' }));
    this.#gate.open();
  }

  async #listen(signal: AbortSignal): Promise<Response> {
    const make = requestsTo(this.#url, this.#options);
    const response = await make({ method: 'GET', fields: { accept: 'text/event-stream' }, signal });
    if (response.ok && bodyKind(response) === 'stream') return response;
    if (response.ok) {
      discard(response);
      throw new TransportError('refused', `status ${response.status}, but no event stream`, NO_STREAM);
    }
    const refusal = await readRefusal(response, { inSession: false, signal });
    throw refusal as TransportError;
  }

  /** Reads the stream until it ends; then `ended` rejects with the cause, and so does `endpoint` if none was announced. */
  #follow(response: Response, events: ChannelEvents): Followed {
    const { maxMessageBytes: maxBytes = MAX_BYTES, idleTimeout = 300_000, postUrl } = this.#options;
    const limits = { maxBytes, idleTimeout, signal: this.#gone.signal };
    let announce: (endpoint: string) => void = () => {};
    const announced = new Promise<string>((resolve) => (announce = resolve));
    if (postUrl !== undefined) announce(String(postUrl));
    const reading = readEvents(response, limits, {
      event: ({ event = 'message', data }) => {
        if (event === 'message' && data !== '') events.frame(data);
        if (event === 'endpoint' && postUrl === undefined) {
          announce(endpointIn(data, response.url || this.#url));
        }
        return this.#gate.passage;
      },
    });
    const ended = reading.then(() =>
      Promise.reject(new TransportError('stream-ended', 'the server ended the stream')),
    );
    return { endpoint: Promise.race([announced, ended]), ended };
  }
}

interface Followed {
  readonly endpoint: Promise<string>;
  readonly ended: Promise<never>;
}

function asError(error: unknown): unknown {
  return error;
}

function isExpired(error: unknown): error is TransportError {
  return isTransportError(error) && error.code === 'expired';
}

const NO_STREAM = { delivery: 'not-sent', status: 200 } as const;

function tooLate(url: string, timeout: number): TransportError {
  const reason = `${new URL(url).origin} did not say where to post within ${timeout} ms`;
  return new TransportError('connect-timeout', reason, { delivery: 'not-sent' });
}
