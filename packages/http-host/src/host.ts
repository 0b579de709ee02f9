import { ErrorCode } from '@trunkline/protocol';
import type { AuthInfo } from '@trunkline/transport';
import type { CallAccount, HttpCall } from './call.ts';
import { createCors, type Cors, type CorsOptions } from './cors.ts';
import type { Challenge, Fields, Verify } from './head.ts';
import { createGuard, type TransportSecuritySettings } from './security.ts';

/** Bounds of a host. `Infinity` turns one off. */
export interface HttpLimits {
  /** Bytes of one request body; 4 MiB unless given. */
  readonly maxBodyBytes?: number;
  /** Bytes of all bodies whose requests are not answered yet; 256 MiB unless given. More is answered with 503. */
  readonly maxBytesInFlight?: number;
  /** Bytes that may wait for one slow reader before its stream is broken off; 16 MiB unless given. */
  readonly maxPendingBytes?: number;
  /** Milliseconds that a reader may take nothing before its connection is broken off; 30,000 unless given. */
  readonly writeStall?: number;
  /** Milliseconds of silence after which a comment keeps a stream alive; 15,000 unless given. */
  readonly keepAlive?: number;
}

/** What a host checks, and within which bounds. */
export interface HttpHostOptions {
  readonly security?: TransportSecuritySettings;
  /** Lets pages of other origins in. Without it no answer carries a CORS field. */
  readonly cors?: CorsOptions;
  /** Says who sends a request. Everybody is anonymous without it. */
  readonly verify?: Verify;
  readonly limits?: HttpLimits;
  /** Hears what the client is not told. */
  readonly onError?: (error: unknown) => void;
}

/** What answers calls. It must answer each once; whatever it throws is answered with 500. */
export interface Route {
  (call: HttpCall): void | Promise<void>;
  /** Whether it is called while the host drains, because what comes then may belong to what is running; it refuses what is new. */
  readonly whileDraining?: boolean;
}

/**
 * What bindings on one address share: no call reaches a route unless its `Host` and `Origin` are allowed and its sender is
 * verified, bodies are bounded singly and together, and an end in good order lets running calls finish.
 */
export class HttpHost implements CallAccount {
  readonly limits: Required<HttpLimits>;
  readonly onError: (error: unknown) => void;
  readonly #guard: ReturnType<typeof createGuard>;
  readonly #cors: Cors | undefined;
  readonly #verify: Verify | undefined;
  #calls = 0;
  #bytes = 0;
  #draining = false;
  #idle: (() => void)[] = [];

  constructor(options: HttpHostOptions = {}) {
    const { security = {}, cors, limits, verify, onError = () => {} } = options;
    this.limits = { ...DEFAULT_LIMITS, ...limits };
    this.#guard = createGuard({
      ...security,
      allowedOrigins: [
        ...(security.allowedOrigins ?? []),
        ...(cors?.origins.filter((origin) => origin !== '*') ?? []),
      ],
    });
    this.#cors = cors && createCors(cors);
    this.#verify = verify;
    this.onError = onError;
  }

  /** Whether new calls are turned away. */
  get draining(): boolean {
    return this.#draining;
  }

  /** Brings a call to the route, or answers why not. Never throws. */
  handle(call: HttpCall, route: Route): void {
    if (!this.admit(call) || (!route.whileDraining && this.refuseNew(call))) return;
    const auth = call.auth === undefined ? this.#identify(call) : call.auth;
    if (auth instanceof Promise) {
      auth.then(
        (outcome) => this.#enter(call, route, outcome),
        (error: unknown) => this.#fail(call, error),
      );
    } else this.#enter(call, route, auth);
  }

  /** Checks where a call is addressed to and where it comes from. `false`: it is answered. */
  admit(call: HttpCall): boolean {
    const origin = call.header('origin');
    if (this.#cors) call.common = this.#cors.fieldsFor(origin);
    const objection = this.#guard({
      host: call.header('host'),
      origin,
      fetchSite: call.header('sec-fetch-site'),
      atLoopback: call.atLoopback,
    });
    if (objection) call.refuse(objection.status, objection.reason);
    const preflight = objection ? undefined : this.#cors?.preflight(call);
    if (preflight) call.reply(204, preflight);
    return !call.answered;
  }

  /** Turns a call away while the host drains; `true` if it did. */
  refuseNew(call: HttpCall): boolean {
    if (!this.#draining) return false;
    call.refuse(503, 'this server is shutting down', { fields: CLOSING, code: ErrorCode.ServerBusy });
    return true;
  }

  /** Counts bytes that are kept in memory; `false` if there is no room for them. */
  hold(bytes: number): boolean {
    if (this.#bytes + bytes > this.limits.maxBytesInFlight) return false;
    this.#bytes += bytes;
    return true;
  }

  /** A call has begun. */
  enter(): void {
    this.#calls += 1;
  }

  /** A call is complete; what it held is free. */
  leave(held: number): void {
    this.#bytes -= held;
    this.#calls -= 1;
    if (this.#calls > 0 || this.#idle.length === 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Turns new calls away with 503 and resolves when the running ones are complete, or after `grace` milliseconds. */
  async drain(grace: number): Promise<void> {
    this.#draining = true;
    if (this.#calls === 0) return;
    let timer: unknown;
    await Promise.race([
      new Promise<void>((resolve) => this.#idle.push(resolve)),
      new Promise<void>((resolve) => (timer = setTimeout(resolve, grace))),
    ]);
    clearTimeout(timer as number);
  }

  #identify(call: HttpCall): ReturnType<Verify> {
    try {
      return this.#verify?.({ method: call.method, url: call.url, header: (name) => call.header(name) });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #enter(call: HttpCall, route: Route, auth: AuthInfo | Challenge | undefined): void {
    try {
      if (auth && isChallenge(auth)) return challenge(call, auth);
      call.auth = auth;
      const done = route(call);
      if (done) done.catch((error: unknown) => this.#fail(call, error));
    } catch (error) {
      this.#fail(call, error);
    }
  }

  #fail(call: HttpCall, error: unknown): void {
    this.onError(error);
    call.refuse(500, 'Internal error', { code: ErrorCode.InternalError });
  }
}

/** Tells a challenge from an identity. */
export function isChallenge(value: AuthInfo | Challenge): value is Challenge {
  return 'status' in value;
}

const DEFAULT_LIMITS: Required<HttpLimits> = {
  maxBodyBytes: 4 * 1024 * 1024,
  maxBytesInFlight: 256 * 1024 * 1024,
  maxPendingBytes: 16 * 1024 * 1024,
  writeStall: 30_000,
  keepAlive: 15_000,
};

const CLOSING: Fields = { 'retry-after': '5', connection: 'close' };

function challenge(call: HttpCall, { status, headers, body }: Challenge): void {
  if (body === undefined)
    call.refuse(status, 'this request is not authorized', headers && { fields: headers });
  else call.reply(status, { 'content-type': 'application/json', ...headers }, body);
}
