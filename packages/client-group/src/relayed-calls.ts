import type { JsonObject } from '@trunkline/protocol';
import { GroupError } from './group-error.ts';

/** A call that is being passed on to a server: what that server asks meanwhile is asked of whoever called. */
export interface Relayed {
  /** Calls of one caller share it. */
  readonly caller: object;
  ask(method: string, params: JsonObject): Promise<JsonObject>;
}

const RELAYED = new WeakMap<object, RelayedCalls>();

/** The calls that a group passes on. */
export function relayedOf(group: object): RelayedCalls {
  let relayed = RELAYED.get(group);
  if (!relayed) RELAYED.set(group, (relayed = new RelayedCalls()));
  return relayed;
}

/** The calls that are being passed on, by server. */
export class RelayedCalls {
  readonly #open = new Map<string, Set<Relayed>>();
  /** Whether servers were told that they may ask. */
  mayAsk = false;

  /** Adds a call until the returned function is called. */
  enter(server: string, call: Relayed): () => void {
    const open = this.#open.get(server) ?? new Set();
    this.#open.set(server, open.add(call));
    return () => {
      open.delete(call);
      if (open.size === 0 && this.#open.get(server) === open) this.#open.delete(server);
    };
  }

  /**
   * The call that a question of a server belongs to; `undefined` if none is open. Such a question does not say it, so it
   * throws where calls of several callers are open: a question must never reach somebody else's user.
   */
  asking(server: string): Relayed | undefined {
    const open = [...(this.#open.get(server) ?? [])];
    const newest = open.at(-1);
    if (newest && open.some(({ caller }) => caller !== newest.caller)) {
      throw new GroupError(
        'ambiguous',
        `${server} asked something while calls of several clients were open, and it does not say whose`,
      );
    }
    return newest;
  }
}
