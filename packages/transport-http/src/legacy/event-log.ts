import type { AppendOptions, Store } from '@trunkline/store';
import type { ResumptionOptions } from '../server/options.ts';

/** One event as it was stored. */
export interface LoggedEvent {
  readonly cursor: number;
  readonly text: string;
}

/**
 * The events of one session, kept for clients that lost a stream. Each names the event before it in its stream, so that
 * whoever reads them notices when one is missing.
 */
export class EventLog {
  readonly #store: Store;
  readonly #name: string;
  readonly #kept: AppendOptions;

  constructor(store: Store, sessionId: string, options: ResumptionOptions) {
    const { maxEvents = 1_000, maxBytes = 4 * 1024 * 1024, window = 300_000 } = options;
    this.#store = store;
    this.#name = `mcp:events:${sessionId}`;
    this.#kept = { maxEntries: maxEvents, maxBytes, ttl: window };
  }

  /** Stores the next event of a stream and returns its cursor. */
  append(stream: string, previous: number, text: string): Promise<number> {
    return this.#store.append(this.#name, `${stream} ${previous} ${text}`, this.#kept);
  }

  /** What a stream said after one of its events; `undefined` if some of that was forgotten. */
  async readAfter(stream: string, cursor: number): Promise<readonly LoggedEvent[] | undefined> {
    const events: LoggedEvent[] = [];
    let last = cursor;
    for (let after = cursor; ;) {
      const { entries, complete } = await this.#store.read(this.#name, { after });
      for (const entry of entries) {
        after = entry.cursor;
        const [, tag, previous, text = ''] = ENTRY.exec(entry.value) ?? [];
        if (tag !== stream) continue;
        if (Number(previous) !== last) return undefined;
        last = entry.cursor;
        events.push({ cursor: entry.cursor, text });
      }
      if (entries.length === 0) return complete || events.length > 0 ? events : undefined;
    }
  }

  /** Forgets everything. */
  async drop(): Promise<void> {
    await this.#store.drop(this.#name);
  }
}

const ENTRY = /^(\w+) (\d+) (.*)$/s;
