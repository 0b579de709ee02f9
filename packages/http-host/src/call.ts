import { ErrorCode } from '@trunkline/protocol';
import type { AuthInfo } from '@trunkline/transport';
import type { Fields, RequestHead } from './head.ts';
import { isJsonType } from './media.ts';

/** An answer that is written piece by piece. Writing after the end, or after the client left, does nothing. */
export interface Outlet {
  /** Takes text; a promise says that there is no room for more until it resolves, which it does when the client leaves too. */
  write(text: string): Promise<void> | undefined;
  end(): void;
}

/** Who answers for what all calls need together. */
export interface CallAccount {
  readonly limits: { readonly maxBodyBytes: number };
  /** Counts bytes that are kept in memory; `false` if there is no room for them. */
  hold(bytes: number): boolean;
  /** A call has begun. */
  enter(): void;
  /** A call is complete; the bytes that it held are free. */
  leave(held: number): void;
}

/** What may accompany a refusal. */
export interface RefuseOptions {
  readonly fields?: Fields;
  /** The JSON-RPC error code; -32600 unless given. */
  readonly code?: number;
}

/** One HTTP request and the way to answer it, which happens once: by `reply`, `refuse` or `stream`. Made by a face. */
export abstract class HttpCall implements RequestHead {
  abstract readonly method: string;
  abstract readonly url: string;
  /** Whether the connection ends at a loopback address; `undefined` where no connection is seen. */
  abstract readonly atLoopback: boolean | undefined;
  /** Who sent it, once that is verified. */
  auth: AuthInfo | undefined;
  /** Fields that every answer carries. */
  common: Fields | undefined;
  readonly #account: CallAccount;
  #held = 0;
  #open = true;
  #answered = false;
  #onGone: (() => void)[] | undefined;
  #left = false;

  constructor(account: CallAccount, auth: AuthInfo | undefined) {
    this.#account = account;
    this.auth = auth;
    account.enter();
  }

  abstract header(name: string): string | undefined;

  /** Calls `listener` if the client leaves before the answer is complete, at once if it has left already. */
  onGone(listener: () => void): void {
    if (this.#left) return queueMicrotask(listener);
    if (this.#onGone) return void this.#onGone.push(listener);
    this.#onGone = [listener];
    this.watch();
  }

  /** Whether it was answered, or an answer has begun. */
  get answered(): boolean {
    return this.#answered;
  }

  /**
   * The body as text, if it is UTF-8, within the limit, and of the type asked for. `undefined`: it is not and the call was
   * refused, or the client left; nothing remains to be done.
   */
  bodyText(type: 'json' | 'any' = 'json'): Promise<string | undefined> {
    if (type === 'json' && !isJsonType(this.header('content-type'))) {
      return this.#refused(415, 'the Content-Type must be application/json');
    }
    const encoding = this.header('content-encoding');
    if (encoding !== undefined && encoding !== 'identity') {
      return this.#refused(415, 'compressed bodies are not taken');
    }
    const declared = this.header('content-length');
    const limit = this.#account.limits.maxBodyBytes;
    if (declared === undefined) return this.readBody(limit, false);
    if (!(Number(declared) <= limit)) return this.#refused(413, tooLarge(limit));
    return this.hold(Number(declared)) ? this.readBody(limit, true) : NOTHING;
  }

  /** Answers with a whole body. */
  reply(status: number, fields: Fields, body = ''): void {
    if (this.#answered) return;
    this.#answered = true;
    try {
      this.writeWhole(status, this.common ? { ...fields, ...this.common } : fields, body);
    } catch (error) {
      // A field that cannot be written must not leave the client without an answer.
      this.#answered = false;
      throw error;
    }
    this.done();
  }

  /** Turns the request away. What is said has no id, because it answers the request and no message in it. */
  refuse(
    status: number,
    reason: string,
    { fields, code = ErrorCode.InvalidRequest }: RefuseOptions = {},
  ): void {
    const body = JSON.stringify({ jsonrpc: '2.0', error: { code, message: reason } });
    this.reply(status, fields ? { ...JSON_FIELDS, ...fields } : JSON_FIELDS, body);
  }

  /** Answers piece by piece. */
  stream(status: number, fields: Fields): Outlet {
    this.#answered = true;
    return this.writeStream(status, this.common ? { ...fields, ...this.common } : fields);
  }

  /** Counts bytes that this call keeps in memory. `false`: the host has no room for them, and the call is refused. */
  protected hold(bytes: number): boolean {
    if (!this.#account.hold(bytes)) {
      this.refuse(503, 'too many bytes are being handled; try again later', {
        fields: RETRY_SOON,
        code: 429,
      });
      return false;
    }
    this.#held += bytes;
    return true;
  }

  /** Refuses a body that turned out to be longer than the limit. */
  protected refuseLength(limit: number): undefined {
    this.refuse(413, tooLarge(limit));
  }

  /** Refuses a body that is no text. */
  protected refuseBytes(): undefined {
    this.refuse(400, 'Parse error: the body is not UTF-8', { code: ErrorCode.ParseError });
  }

  /** The client left. */
  protected gone(): void {
    this.done();
    this.#left = true;
    for (const listener of this.#onGone?.splice(0) ?? []) listener();
  }

  /** The answer is complete, or can never be. */
  protected done(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#account.leave(this.#held);
  }

  /** Reads the body; `counted` says whether its length was declared and is held already. */
  protected abstract readBody(limit: number, counted: boolean): Promise<string | undefined>;
  /** Begins to watch for the client's leaving, which `gone` tells. Called once, when somebody wants to know. */
  protected abstract watch(): void;
  protected abstract writeWhole(status: number, fields: Fields, body: string): void;
  /** Must call `done` when the outlet ends and `gone` when the client leaves. */
  protected abstract writeStream(status: number, fields: Fields): Outlet;

  #refused(status: number, reason: string): Promise<undefined> {
    this.refuse(status, reason);
    return NOTHING;
  }
}

/** The fields of a JSON answer. */
export const JSON_FIELDS: Fields = { 'content-type': 'application/json' };

/** For whoever is turned away by a limit. */
export const RETRY_SOON: Fields = { 'retry-after': '1' };

const NOTHING: Promise<undefined> = /* @__PURE__ */ Promise.resolve(undefined);

function tooLarge(limit: number): string {
  return `the body is longer than ${limit} bytes`;
}
