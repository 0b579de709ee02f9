import type { JsonValue } from '@trunkline/protocol';
import { principalOf, SessionError, type Context } from '@trunkline/session';
import type { Store } from '@trunkline/store';

/** What is remembered of one caller. Each value is JSON, and lives on for a day after it was set unless told otherwise. */
export interface State {
  get(key: string): Promise<JsonValue | undefined>;
  set(key: string, value: JsonValue): Promise<void>;
  /** Forgets a value; tells whether there was one. */
  delete(key: string): Promise<boolean>;
  /** Sets a value that depends on the one before, as if nobody else changed it meanwhile; `undefined` deletes it. */
  update<Value extends JsonValue>(
    key: string,
    change: (value: JsonValue | undefined) => Value | undefined,
  ): Promise<Value | undefined>;
}

/** Where and for how long state is kept. */
export interface StatesOptions {
  readonly store: () => Promise<Store>;
  readonly ttl: number;
  /** Keeps servers apart that share a store. */
  readonly server: string;
}

const MAX_KEY = 1024;
const MAX_TRIES = 100;

/** What a server remembers of its callers. */
export class States {
  readonly #options: StatesOptions;
  readonly #sessions = new WeakMap<object, string>();

  constructor(options: StatesOptions) {
    this.#options = options;
  }

  ofSession({ session, method }: Context): State {
    if (!session)
      throw new SessionError(
        'misuse',
        `${method}: there is no session here; keep state under a handle that the caller passes`,
      );
    let id = this.#sessions.get(session);
    if (id === undefined) this.#sessions.set(session, (id = crypto.randomUUID()));
    return this.#state('session', id);
  }

  ofPrincipal(context: Context): State {
    const principal = principalOf(context.origin.auth);
    return principal === '' ? this.ofSession(context) : this.#state('principal', principal);
  }

  #state(kind: string, owner: string): State {
    const { store, ttl, server } = this.#options;
    const keyOf = (key: string): string => {
      if (typeof key === 'string' && key.length <= MAX_KEY)
        return JSON.stringify(['state', server, kind, owner, key]);
      throw new SessionError('misuse', `a key of state is a text of at most ${MAX_KEY} characters`);
    };
    return {
      get: async (key) => parsed(await (await store()).get(keyOf(key))),
      set: async (key, value) => (await store()).set(keyOf(key), JSON.stringify(value), { ttl }),
      delete: async (key) => (await store()).delete(keyOf(key)),
      async update(key, change) {
        const kept = await store();
        for (let tries = 0; tries < MAX_TRIES; tries += 1) {
          const before = await kept.get(keyOf(key));
          const value = change(parsed(before));
          const after = value === undefined ? undefined : JSON.stringify(value);
          if (await kept.compareAndSet(keyOf(key), before, after, { ttl })) return value;
        }
        throw new SessionError('overloaded', `state ${JSON.stringify(key)} is changed by too many at once`);
      },
    };
  }
}

function parsed(text: string | undefined): JsonValue | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as JsonValue);
}
