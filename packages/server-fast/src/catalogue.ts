import {
  invalidParams,
  type CacheHints,
  type JsonObject,
  type JsonValue,
  type MirroredParam,
} from '@trunkline/protocol';
import { fingerprint, reusable } from '@trunkline/session';
import { DefinitionError } from './definition-error.ts';
import { pick } from './details.ts';

/** One thing that a server offers: what clients see of it, and what is run when they ask for it. */
export interface Offer<Listed, Run> {
  readonly listed: Listed;
  readonly run: Run;
  /** The arguments that an envelope repeats. */
  readonly mirrored?: readonly MirroredParam[] | undefined;
}

/** What a server offers of one kind, to be looked at and changed at any time; clients that follow the list hear of it. */
export interface Entries<Details> {
  /** The keys in the order of the list: names of tools and prompts, addresses of resources. */
  readonly keys: readonly string[];
  /** Whether there is such an entry, be it enabled or not. */
  has(key: string): boolean;
  /** Offers an entry again, at its old place. */
  enable(key: string): void;
  /** Hides an entry: clients neither see nor reach it. */
  disable(key: string): void;
  /** Changes what clients see; `undefined` takes a detail away. */
  update(key: string, details: { readonly [Name in keyof Details]?: Details[Name] | undefined }): void;
  /** Gives an entry another key at its old place. */
  rename(key: string, to: string): void;
  /** Takes an entry away; tells whether it was there. */
  remove(key: string): boolean;
}

/** What a {@link Catalogue} has to know. */
export interface CatalogueOptions {
  /** What one entry is called, in errors. */
  readonly kind: string;
  /** The member that tells entries apart. */
  readonly key: 'name' | 'uri';
  /** The member of the result that holds the list. */
  readonly list: string;
  /** The members that `update` may change. */
  readonly details: readonly string[];
  readonly pageSize: number;
  readonly caching: CacheHints;
  /** Refuses a key that `rename` gives. */
  readonly checkKey: (key: string) => void;
  /** Hears that the list is another. */
  readonly onChange: () => void;
}

interface Entry<Listed, Run> extends Offer<Listed, Run> {
  readonly enabled: boolean;
}

/** The entries of one kind. What can be derived from them is derived once for each state of the list, never per request. */
export class Catalogue<Listed extends JsonObject, Run> implements Entries<JsonObject> {
  readonly #options: CatalogueOptions;
  #entries = new Map<string, Entry<Listed, Run>>();
  #pages: ReadonlyMap<string | undefined, JsonObject> | undefined;

  constructor(options: CatalogueOptions) {
    this.#options = options;
  }

  get keys(): readonly string[] {
    return [...this.#entries.keys()];
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** What answers a client; `undefined` for what it must not reach. */
  find(key: JsonValue | undefined): Offer<Listed, Run> | undefined {
    const entry = this.#entries.get(key as string);
    return entry?.enabled ? entry : undefined;
  }

  add(offer: Offer<Listed, Run>): void {
    const key = offer.listed[this.#options.key] as string;
    this.#assertFree(key);
    this.#set(key, { ...offer, enabled: true });
  }

  enable(key: string): void {
    this.#switch(key, true);
  }

  disable(key: string): void {
    this.#switch(key, false);
  }

  update(key: string, details: JsonObject): void {
    const entry = this.#get(key);
    const kept = Object.entries(entry.listed).filter(([name]) => !this.#replaces(details, name));
    const listed = { ...Object.fromEntries(kept), ...pick(details, this.#options.details) } as Listed;
    this.#set(key, { ...entry, listed });
  }

  rename(key: string, to: string): void {
    const entry = this.#get(key);
    if (to === key) return;
    this.#options.checkKey(to);
    this.#assertFree(to);
    const renamed = { ...entry, listed: { ...entry.listed, [this.#options.key]: to } };
    this.#entries = new Map([...this.#entries].map((pair) => (pair[0] === key ? [to, renamed] : pair)));
    this.#changed();
  }

  remove(key: string): boolean {
    const removed = this.#entries.delete(key);
    if (removed) this.#changed();
    return removed;
  }

  /** One page of the list, the same object for everybody who asks until the list changes. */
  page(cursor: JsonValue | undefined): JsonObject {
    this.#pages ??= this.#paginate();
    const page = this.#pages.get(cursor as string | undefined);
    if (!page)
      throw invalidParams(`Unknown cursor; read the list of ${this.#options.list} from its beginning`);
    return page;
  }

  #paginate(): ReadonlyMap<string | undefined, JsonObject> {
    const { key, list, pageSize, caching } = this.#options;
    const listed = [...this.#entries.values()].filter(({ enabled }) => enabled).map((entry) => entry.listed);
    const pages = new Map<string | undefined, JsonObject>();
    let cursor: string | undefined;
    for (let start = 0; start === 0 || start < listed.length; start += pageSize) {
      const items = listed.slice(start, start + pageSize);
      const more = start + pageSize < listed.length;
      // The same on every machine that offers the same list, and of no use with another.
      const nextCursor = more ? `${pages.size + 1}-${fingerprint(items.at(-1)?.[key] as string)}` : undefined;
      pages.set(cursor, reusable({ [list]: items, ...(more && { nextCursor }), ...caching }));
      cursor = nextCursor;
    }
    return pages;
  }

  #get(key: string): Entry<Listed, Run> {
    const entry = this.#entries.get(key);
    if (!entry)
      throw new DefinitionError('unknown-name', `there is no ${this.#options.kind} ${JSON.stringify(key)}`);
    return entry;
  }

  #switch(key: string, enabled: boolean): void {
    const entry = this.#get(key);
    if (entry.enabled !== enabled) this.#set(key, { ...entry, enabled });
  }

  #set(key: string, entry: Entry<Listed, Run>): void {
    this.#entries.set(key, entry);
    this.#changed();
  }

  #assertFree(key: string): void {
    if (!this.#entries.has(key)) return;
    throw new DefinitionError(
      'name-taken',
      `there is a ${this.#options.kind} ${JSON.stringify(key)} already; remove it first`,
    );
  }

  #replaces(details: JsonObject, name: string): boolean {
    return Object.hasOwn(details, name) && this.#options.details.includes(name);
  }

  #changed(): void {
    this.#pages = undefined;
    this.#options.onChange();
  }
}
