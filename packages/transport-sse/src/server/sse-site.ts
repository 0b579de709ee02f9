import {
  CallOrigin,
  EventStreams,
  JSON_FIELDS,
  newSessionId,
  Places,
  principalOf,
  RETRY_SOON,
  type HttpCall,
  type HttpHost,
} from '@trunkline/http-host';
import { channelTransport, trackAnswers, type Acceptor, type AnsweringTransport } from '@trunkline/transport';
import { BINDING } from '../binding.ts';
import type { SseSiteOptions } from './options.ts';
import { postedTransport, type PostedTransport } from './posted-transport.ts';
import { SessionChannel } from './session-channel.ts';

/** One client: the stream it listens on, the posts it may make, and who it is. */
interface Session {
  readonly principal: string;
  readonly channel: SessionChannel;
  readonly posted: PostedTransport;
  readonly link: AnsweringTransport;
}

/**
 * The two addresses of the transport, and the sessions between them. A session belongs to who opened its stream: its id
 * cannot be guessed, and is of no use to anybody else.
 */
export class SseSite {
  /** Where the stream is; where messages are posted to. */
  readonly path: string;
  readonly messages: string;
  readonly #acceptor: Acceptor;
  readonly #host: HttpHost;
  readonly #streams: EventStreams;
  readonly #places: Places;
  readonly #sessions = new Map<string, Session>();

  constructor(acceptor: Acceptor, host: HttpHost, options: SseSiteOptions) {
    this.path = options.path ?? '/sse';
    this.messages = options.messages ?? '/messages';
    this.#acceptor = acceptor;
    this.#host = host;
    this.#streams = new EventStreams(host);
    this.#places = new Places({
      all: options.maxSessions ?? 10_000,
      perPrincipal: options.maxSessionsPerPrincipal ?? 100,
    });
  }

  /** Opens a session: the answer is its stream, which says first where to post. */
  listen(call: HttpCall): void {
    if (call.method !== 'GET') return notAllowed(call, 'GET');
    const leave = this.#places.take(call.auth);
    if (typeof leave === 'number') {
      return call.refuse(leave, 'too many sessions; try again later', { fields: RETRY_SOON, code: 429 });
    }
    const id = newSessionId();
    const channel = new SessionChannel(call, this.#streams, this.#endpoint(call, id));
    const posted = postedTransport(
      channelTransport(BINDING, channel, { origin: new CallOrigin(call, undefined, id) }),
    );
    const link = trackAnswers(posted.transport);
    const { transport } = link;
    this.#sessions.set(id, { principal: principalOf(call.auth), channel, posted, link });
    void transport.closed.then(() => this.#sessions.delete(id)).then(leave);
    this.#acceptor.link(transport).catch((cause: Error) => {
      this.#host.onError(cause);
      return transport.close(cause);
    });
  }

  /** Takes one message of a session. What is unreadable is answered at once, everything else on the stream. */
  async post(call: HttpCall): Promise<void> {
    if (call.method !== 'POST') return notAllowed(call, 'POST');
    const id = sessionIn(call.url);
    if (id === undefined) return call.refuse(400, 'the address must name one sessionId, as the stream said');
    const session = this.#sessions.get(id);
    if (session?.principal !== principalOf(call.auth)) return noSession(call);
    const text = await call.bodyText();
    if (text === undefined) return;
    const { channel, posted } = session;
    while (channel.gate.passage) await channel.gate.passage;
    if (channel.closed) return noSession(call);
    const bad = posted.post(new CallOrigin(call, undefined, id), () => channel.put(text));
    if (!bad) call.reply(202, TEXT_FIELDS, 'Accepted');
    else if (bad.answer === undefined) call.refuse(400, bad.problem.message);
    else call.reply(400, JSON_FIELDS, bad.answer);
  }

  /** Ends every session once its running requests are answered. */
  drain(): void {
    for (const { link } of this.#sessions.values()) void link.answered().then(() => link.transport.close());
  }

  /** Ends every session. */
  async close(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map(({ link }) => link.transport.close()));
    this.#streams.close();
  }

  /** Below the same prefix as the stream, where a framework or a proxy put one. */
  #endpoint({ url }: HttpCall, id: string): string {
    const path = pathOf(url);
    const prefix = path.endsWith(this.path) ? path.slice(0, -this.path.length) : '';
    return `${prefix}${this.messages}?${SESSION_PARAMETER}=${id}`;
  }
}

/** The path of a request's address. */
export function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}

const SESSION_PARAMETER = 'sessionId';
const TEXT_FIELDS = { 'content-type': 'text/plain' };

function sessionIn(url: string): string | undefined {
  const [id, ...others] = new URLSearchParams(url.slice(pathOf(url).length)).getAll(SESSION_PARAMETER);
  return others.length === 0 ? id : undefined;
}

function noSession(call: HttpCall): void {
  call.refuse(404, 'there is no such session; open a stream for a new one');
}

function notAllowed(call: HttpCall, method: string): void {
  call.refuse(405, `${call.method} is not served here`, { fields: { allow: method } });
}
