import { invalidParams, type CacheHints, type JsonObject, type JsonValue } from '@trunkline/protocol';
import { fingerprint, reusable, type Context } from '@trunkline/session';
import { DefinitionError } from './definition-error.ts';
import { pick } from './details.ts';
import type { Allow, Offer } from './offer.ts';

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
export interface CatalogueOptions<Listed, Input> {
  /** What one entry is called, in errors. */
  readonly kind: string;
  /** The member that tells entries apart. */
  readonly key: 'name' | 'uri' | 'uriTemplate';
  /** The member of the result that holds the list. */
  readonly list: string;
  /** The members that `update` may change. */
  readonly details: readonly string[];
  readonly pageSize: number;
  readonly caching: CacheHints;
  /** Refuses a key that `rename` gives. */
  readonly checkKey: (key: string) => void;
  /** Hears why an entry of a mounted server is not offered here. */
  readonly refused: (error: unknown) => void;
  /** Puts around each entry what all its calls go through. */
  readonly wrap: (offer: Offer<Listed, Input>) => Offer<Listed, Input>;
}

/** Turns an entry of a mounted server into one of this server; `undefined` leaves it out. */
export type Mapping<Listed, Input> = (offer: Offer<Listed, Input>) => Offer<Listed, Input> | undefined;

interface Entry<Listed, Input> {
  readonly offer: Offer<Listed, Input>;
  readonly enabled: boolean;
}

type Pages = ReadonlyMap<string | undefined, JsonObject>;

/** Sets of entries, by who may see them, whose pages are kept. */
const MAX_AUDIENCES = 64;

/** The entries of one kind. What can be derived from them is derived once for each state of the list, never per request. */
export class Catalogue<Listed extends JsonObject, Input> implements Entries<JsonObject> {
  readonly #options: CatalogueOptions<Listed, Input>;
  readonly #listeners = new Set<() => void>();
  readonly #mounted = new Map<Catalogue<Listed, Input>, Mapping<Listed, Input>>();
  readonly #pages = new Map<string, Pages>();
  readonly #changed = (): void => this.refresh();
  #entries = new Map<string, Entry<Listed, Input>>();
  #offers: ReadonlyMap<string, Offer<Listed, Input>> | undefined;
  #restrictions: readonly Allow[] = [];

  constructor(options: CatalogueOptions<Listed, Input>) {
    this.#options = options;
  }

  get keys(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** Everything that can be reached, also in mounted servers. */
  get offers(): ReadonlyMap<string, Offer<Listed, Input>> {
    this.#offers ??= this.#collect();
    return this.#offers;
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** What answers a client; `undefined` for what it must not reach. */
  find(key: JsonValue | undefined, context?: Context): Offer<Listed, Input> | undefined {
    const offer = this.offers.get(key as string);
    return offer && isAllowed(offer, context) ? offer : undefined;
  }

  add(offer: Offer<Listed, Input>): void {
    const key = offer.listed[this.#options.key] as string;
    this.#assertFree(key);
    this.#set(key, { offer, enabled: true });
  }

  /** Offers what another catalogue offers, as far as the mapping lets it through, for as long as it does. */
  mount(other: Catalogue<Listed, Input>, mapping: Mapping<Listed, Input>): void {
    this.#mounted.set(other, mapping);
    other.onChange(this.#changed);
    this.refresh();
  }

  unmount(other: Catalogue<Listed, Input>): void {
    this.#mounted.delete(other);
    other.#listeners.delete(this.#changed);
    this.refresh();
  }

  /** Hears that the list is another. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Forgets what was derived. */
  refresh(): void {
    this.#offers = undefined;
    this.#pages.clear();
    for (const listener of this.#listeners) listener();
  }

  enable(key: string): void {
    this.#switch(key, true);
  }

  disable(key: string): void {
    this.#switch(key, false);
  }

  update(key: string, details: JsonObject): void {
    const { offer, enabled } = this.#get(key);
    const kept = Object.entries(offer.listed).filter(([name]) => !this.#replaces(details, name));
    const listed = { ...Object.fromEntries(kept), ...pick(details, this.#options.details) } as Listed;
    this.#set(key, { offer: { ...offer, listed }, enabled });
  }

  rename(key: string, to: string): void {
    const { offer, enabled } = this.#get(key);
    if (to === key) return;
    this.#options.checkKey(to);
    this.#assertFree(to);
    const renamed = { offer: { ...offer, listed: { ...offer.listed, [this.#options.key]: to } }, enabled };
    this.#entries = new Map([...this.#entries].map((pair) => (pair[0] === key ? [to, renamed] : pair)));
    this.refresh();
  }

  remove(key: string): boolean {
    const removed = this.#entries.delete(key);
    if (removed) this.refresh();
    return removed;
  }

  /** One page of what a caller may see, the same object for all who see the same until the list changes. */
  page(cursor: JsonValue | undefined, context: Context): JsonObject {
    const audience = this.#audienceOf(context);
    let pages = this.#pages.get(audience);
    if (!pages) {
      if (this.#pages.size >= MAX_AUDIENCES) this.#pages.clear();
      this.#pages.set(audience, (pages = this.#paginate(context)));
    }
    const page = pages.get(cursor as string | undefined);
    if (!page)
      throw invalidParams(`Unknown cursor; read the list of ${this.#options.list} from its beginning`);
    return page;
  }

  #collect(): ReadonlyMap<string, Offer<Listed, Input>> {
    const offers = new Map<string, Offer<Listed, Input>>();
    const { key, wrap } = this.#options;
    for (const [name, { offer, enabled }] of this.#entries) if (enabled) offers.set(name, wrap(offer));
    for (const [other, mapping] of this.#mounted) {
      for (const theirs of other.offers.values()) {
        const offer = this.#mapped(theirs, mapping);
        const name = offer?.listed[key] as string;
        // What is here already goes first.
        if (offer && !this.#entries.has(name) && !offers.has(name)) offers.set(name, wrap(offer));
      }
    }
    this.#restrictions = [...offers.values()].flatMap(({ allow }) => allow ?? []);
    return offers;
  }

  /** One entry that cannot be mapped leaves the others alone. */
  #mapped(offer: Offer<Listed, Input>, mapping: Mapping<Listed, Input>): Offer<Listed, Input> | undefined {
    try {
      return mapping(offer);
    } catch (error) {
      this.#options.refused(error);
      return undefined;
    }
  }

  /** Who else would see the same: one digit for each entry that not everybody may see. */
  #audienceOf(context: Context): string {
    return this.offers.size === 0
      ? ''
      : this.#restrictions.map((allow) => (allow(context) ? '1' : '0')).join('');
  }

  #paginate(context: Context): Pages {
    const { key, list, pageSize, caching } = this.#options;
    const offers = [...this.offers.values()];
    const listed = offers.filter((offer) => isAllowed(offer, context)).map((offer) => offer.listed);
    const hints = this.#restrictions.length > 0 ? { ...caching, cacheScope: 'private' as const } : caching;
    const pages = new Map<string | undefined, JsonObject>();
    let cursor: string | undefined;
    for (let start = 0; start === 0 || start < listed.length; start += pageSize) {
      const items = listed.slice(start, start + pageSize);
      const more = start + pageSize < listed.length;
      // The same on every machine that offers the same list, and of no use with another.
      const nextCursor = more ? `${pages.size + 1}-${fingerprint(items.at(-1)?.[key] as string)}` : undefined;
      pages.set(cursor, reusable({ [list]: items, ...(more && { nextCursor }), ...hints }));
      cursor = nextCursor;
    }
    return pages;
  }

  #get(key: string): Entry<Listed, Input> {
    const entry = this.#entries.get(key);
    if (!entry)
      throw new DefinitionError('unknown-name', `there is no ${this.#options.kind} ${JSON.stringify(key)}`);
    return entry;
  }

  #switch(key: string, enabled: boolean): void {
    const entry = this.#get(key);
    if (entry.enabled !== enabled) this.#set(key, { ...entry, enabled });
  }

  #set(key: string, entry: Entry<Listed, Input>): void {
    this.#entries.set(key, entry);
    this.refresh();
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
}

function isAllowed({ allow }: { readonly allow?: Allow | undefined }, context: Context | undefined): boolean {
  return !allow || !context || allow(context);
}
