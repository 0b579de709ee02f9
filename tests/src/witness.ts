import { LATEST, MetaKey, type JsonRpcMessage, type RequestId } from '@trunkline/protocol';
import { tap, type Acceptor, type Dial, type Transport } from '@trunkline/transport';
import { memoryDial } from '@trunkline/transport-memory';
import { officialSchema } from './official-schema.ts';

type Side = 'client' | 'server';

/** Judges every message of the links it watches by the official schema of its revision. Without the schemas it only looks on. */
export interface Witness {
  /** What was wrong with what, in words. */
  readonly objections: readonly string[];
  /** The methods of what was judged, answers included, by revision. */
  readonly judged: ReadonlyMap<string, ReadonlySet<string>>;
  /** Throws if there was anything wrong. */
  verify(): void;
  /** A client's end of a link, watched. */
  watch(transport: Transport): Transport;
  /** Dials a server in this process over a watched link. */
  dial(acceptor: Acceptor): Dial;
}

export function witness(): Witness {
  const objections: string[] = [];
  const judged = new Map<string, Set<string>>();

  function judge(message: JsonRpcMessage, from: Side, revision: string, answers: string | undefined): void {
    const schema = officialSchema(revision);
    if (!schema) return;
    const method = 'method' in message ? message.method : `answer to ${answers ?? 'nothing'}`;
    judged.set(revision, (judged.get(revision) ?? new Set()).add(method));
    // What crosses a wire has no member that is undefined.
    const onWire: unknown = JSON.parse(JSON.stringify(message));
    for (const objection of schema.validateMessage(onWire, from, answers)) {
      objections.push(`${revision}, ${method} from the ${from}: ${objection}`);
    }
  }

  function watch(transport: Transport): Transport {
    const link = new WatchedLink();
    const see = (message: JsonRpcMessage, from: Side): void => {
      const { revision, answers } = link.note(message, from);
      judge(message, from, revision, answers);
    };
    return tap(transport, {
      inbound(message, pass) {
        see(message, 'server');
        return pass(message);
      },
      outbound(message, pass) {
        see(message, 'client');
        return pass(message);
      },
    });
  }

  return {
    objections,
    judged,
    verify() {
      if (objections.length > 0) throw new Error(`on the wire: ${objections.join('; ')}`);
    },
    watch,
    dial(acceptor) {
      const dial = memoryDial(acceptor);
      return () => watch(dial());
    },
  };
}

interface Asked {
  readonly method: string;
  readonly revision: string;
}

/** What has to be known of a link to tell in which revision a message is written, and what it answers. */
class WatchedLink {
  readonly #asked: Readonly<Record<Side, Map<RequestId, Asked>>> = { client: new Map(), server: new Map() };
  /** What `initialize` agreed on. */
  #session: string | undefined;

  note(message: JsonRpcMessage, from: Side): { revision: string; answers?: string } {
    if (!('method' in message)) return this.#answer(message, from);
    const revision = this.#revisionOf(message, from);
    if ('id' in message) this.#asked[from].set(message.id, { method: message.method, revision });
    return { revision };
  }

  #answer(
    message: Exclude<JsonRpcMessage, { method: string }>,
    from: Side,
  ): { revision: string; answers?: string } {
    const asked = this.#asked[from === 'client' ? 'server' : 'client'].get(message.id ?? '');
    if (asked?.method === 'initialize' && 'result' in message) {
      this.#session = message.result['protocolVersion'] as string;
      return { revision: this.#session, answers: 'initialize' };
    }
    return asked
      ? { revision: asked.revision, answers: asked.method }
      : { revision: this.#session ?? LATEST.modern };
  }

  #revisionOf({ method, params = {} }: Extract<JsonRpcMessage, { method: string }>, from: Side): string {
    const own = (params['_meta'] as { [key: string]: unknown } | undefined)?.[MetaKey.protocolVersion];
    if (typeof own === 'string') return own;
    if (method === 'initialize') return params['protocolVersion'] as string;
    const about = (params['progressToken'] ?? params['requestId']) as RequestId | undefined;
    const other = from === 'client' ? 'server' : 'client';
    const asked =
      about === undefined ? undefined : (this.#asked[from].get(about) ?? this.#asked[other].get(about));
    return asked?.revision ?? this.#session ?? LATEST.modern;
  }
}
