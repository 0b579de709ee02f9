import { ErrorCode, RemoteError, type JsonObject } from '@trunkline/protocol';
import type { Clock } from './clock.ts';
import { fromBase64Url, toBase64Url } from './base64-url.ts';
import { SessionError } from './session-error.ts';

/** How request state is protected. https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr */
export interface RequestStateOptions {
  /**
   * Secrets of 32 bytes; the first seals, all open, so keys can be rotated. Nodes that share keys and `redeem` can
   * continue each other's calls. Without keys a random one is made: state is then good for this process only.
   */
  readonly keys?: readonly Uint8Array[];
  /** Milliseconds for which state is good. 600,000 unless given. */
  readonly ttl?: number;
  /** Marks a state as used; resolves to `false` if it was used before. Must be atomic over all nodes that share keys. */
  readonly redeem?: (id: string, expiresAt: number) => Promise<boolean>;
  /** Where state of more than 32 KiB is kept, sealed, while the client carries a handle. Without it such a call fails. */
  readonly overflow?: StateOverflow;
}

/** A place for what is too long to travel. */
export interface StateOverflow {
  /** Keeps a state under a handle until it expires. */
  put(handle: string, state: string, expiresAt: number): Promise<void>;
  /** What was kept under a handle; `undefined` if it is gone. */
  get(handle: string): Promise<string | undefined>;
}

/** What a sealed state is bound to: it opens only for the same call by the same principal. */
export interface StateBinding {
  readonly principal: string;
  readonly method: string;
  readonly params: JsonObject;
  readonly definition: string;
}

interface Sealed {
  readonly id: string;
  readonly expiresAt: number;
  readonly content: JsonObject;
}

const DEFAULT_TTL = 600_000;
const MAX_STATE_LENGTH = 32 * 1024;
const IV_BYTES = 12;
/** What a handle begins with. */
const HANDLE = 'handle.';

/** Seals what a suspended call must remember, and opens it once. */
export class RequestStates {
  readonly #clock: Clock;
  readonly #ttl: number;
  readonly #secrets: readonly Uint8Array[] | undefined;
  readonly #redeem: (id: string, expiresAt: number) => Promise<boolean>;
  readonly #overflow: StateOverflow | undefined;
  #keys: Promise<readonly CryptoKey[]> | undefined;

  constructor(clock: Clock, options: RequestStateOptions = {}) {
    this.#clock = clock;
    this.#ttl = options.ttl ?? DEFAULT_TTL;
    this.#redeem = options.redeem ?? redeemInProcess(clock);
    this.#overflow = options.overflow;
    this.#secrets = options.keys;
    for (const { length } of options.keys ?? []) {
      if (length !== 32) throw new SessionError('misuse', `a requestState key has 32 bytes, not ${length}`);
    }
  }

  /** Seals content for one later use. Rejects with `overloaded` if it exceeds 32 KiB and there is no place for more. */
  async seal(content: JsonObject, binding: StateBinding): Promise<string> {
    const sealed: Sealed = {
      id: toBase64Url(crypto.getRandomValues(new Uint8Array(16))),
      expiresAt: this.#clock.wall() + this.#ttl,
      content,
    };
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const [key] = (await this.#imported()) as [CryptoKey];
    const plain = new TextEncoder().encode(JSON.stringify(sealed));
    const cipher = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv, additionalData: await digest(binding) },
      key,
      plain,
    );
    const state = `v1.${toBase64Url(iv)}.${toBase64Url(new Uint8Array(cipher))}`;
    if (state.length <= MAX_STATE_LENGTH) return state;
    if (this.#overflow) {
      await this.#overflow.put(sealed.id, state, sealed.expiresAt);
      return `${HANDLE}${sealed.id}`;
    }
    throw new SessionError(
      'overloaded',
      `the answers and once() results of ${binding.method} take ${state.length} bytes, more than ${MAX_STATE_LENGTH}; keep less in them`,
    );
  }

  /** Opens a state. Rejects with -32602 unless it was sealed here for this very call, is fresh and was not used before. */
  async open(state: unknown, binding: StateBinding): Promise<JsonObject> {
    const sealed = await this.#decrypt(await this.#carried(state), binding);
    if (!sealed) throw unusable('was not made for this call');
    if (sealed.expiresAt <= this.#clock.wall()) throw unusable('has expired');
    if (!(await this.#redeem(sealed.id, sealed.expiresAt))) throw unusable('was used before');
    return sealed.content;
  }

  /** The state itself, where the client carries only its handle. */
  async #carried(state: unknown): Promise<unknown> {
    if (typeof state !== 'string' || state.length > MAX_STATE_LENGTH) return undefined;
    return state.startsWith(HANDLE) ? this.#overflow?.get(state.slice(HANDLE.length)) : state;
  }

  async #decrypt(state: unknown, binding: StateBinding): Promise<Sealed | undefined> {
    if (typeof state !== 'string') return undefined;
    const [version, ivText, cipherText, ...rest] = state.split('.');
    const iv = fromBase64Url(ivText);
    const cipher = fromBase64Url(cipherText);
    if (version !== 'v1' || rest.length > 0 || !cipher || iv?.length !== IV_BYTES) return undefined;
    const additionalData = await digest(binding);
    for (const key of await this.#imported()) {
      const plain = await crypto.subtle
        .decrypt({ name: 'AES-GCM', iv, additionalData }, key, cipher)
        .catch(() => undefined);
      if (plain) return JSON.parse(new TextDecoder().decode(plain)) as Sealed;
    }
    return undefined;
  }

  /** Loading cryptography takes a process longer than all the rest of its start, so it waits for the first question. */
  #imported(): Promise<readonly CryptoKey[]> {
    this.#keys ??= Promise.all((this.#secrets ?? [randomSecret()]).map((secret) => importKey(secret)));
    return this.#keys;
  }
}

function unusable(why: string): RemoteError {
  return new RemoteError(ErrorCode.InvalidParams, `requestState ${why}; call again without it`);
}

function randomSecret(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(32));
}

function importKey(secret: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', secret as Uint8Array<ArrayBuffer>, 'AES-GCM', false, [
    'encrypt',
    'decrypt',
  ]);
}

async function digest(binding: StateBinding): Promise<Uint8Array<ArrayBuffer>> {
  const text = JSON.stringify([
    binding.principal,
    binding.method,
    canonical(binding.params),
    binding.definition,
  ]);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

/** The same value with its members in one order, because a client may write them in another when it retries. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return {
    members: entries
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, canonical(member)]),
  };
}

/** Bounded by forgetting what has expired; when full, nothing more is opened rather than something twice. */
function redeemInProcess(clock: Clock): (id: string, expiresAt: number) => Promise<boolean> {
  const used = new Map<string, number>();
  const LIMIT = 100_000;
  return async (id, expiresAt) => {
    for (const [old, expiry] of used) {
      if (expiry > clock.wall()) break;
      used.delete(old);
    }
    if (used.has(id) || used.size >= LIMIT) return false;
    used.set(id, expiresAt);
    return true;
  };
}
