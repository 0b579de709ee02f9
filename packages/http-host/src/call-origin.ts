import type { AuthInfo, Origin } from '@trunkline/transport';
import type { HttpCall } from './call.ts';
import type { HttpOrigin } from './origin.ts';

/** Where a message came from, as its exchange shows it. What most handlers never look at is made when they do. */
export class CallOrigin implements Origin {
  readonly auth?: AuthInfo;
  readonly revision?: string;
  readonly #call: HttpCall;
  readonly #sessionId: string | undefined;
  #http: HttpOrigin | undefined;

  constructor(call: HttpCall, revision: string | undefined, sessionId?: string) {
    if (call.auth !== undefined) this.auth = call.auth;
    if (revision !== undefined) this.revision = revision;
    this.#call = call;
    this.#sessionId = sessionId;
  }

  get http(): HttpOrigin {
    const call = this.#call;
    this.#http ??= {
      method: call.method,
      url: call.url,
      header: (name) => call.header(name),
      ...(this.#sessionId !== undefined && { sessionId: this.#sessionId }),
    };
    return this.#http;
  }
}
