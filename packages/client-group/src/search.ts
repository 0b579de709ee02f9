import MiniSearch from 'minisearch';
import type { Component, ComponentKind } from './components.ts';
import type { ClientGroup } from './group.ts';

/** How components are searched. */
export interface SearchOptions {
  /** The kinds to search; tools unless given. */
  readonly kinds?: readonly ComponentKind[] | undefined;
  /** How many are wanted at most; 10 unless given. */
  readonly limit?: number | undefined;
}

/** Something that was found. A higher score is a better match; scores of different queries say nothing to each other. */
export interface SearchHit {
  readonly kind: ComponentKind;
  readonly component: Component;
  readonly score: number;
}

interface Entry {
  readonly id: number;
  readonly kind: ComponentKind;
  readonly component: Component;
}

interface Index {
  readonly version: number;
  readonly entries: readonly Entry[];
  readonly engine: MiniSearch<Entry>;
}

const INDEXES = new WeakMap<ClientGroup, Index>();
const MAX_QUERY = 1_000;
const MAX_TEXT = 4_000;
const FIELDS = ['name', 'title', 'description', 'arguments', 'server'] as const;

/**
 * Finds what the group offers by words of its name, title, description, arguments or server, the best match first, ranked by
 * BM25; beginnings of words and small slips match too. The index is made when first needed and again after changes.
 */
export function searchComponents(
  group: ClientGroup,
  query: string,
  options: SearchOptions = {},
): SearchHit[] {
  const { kinds = ['tools'], limit = 10 } = options;
  const { engine, entries } = indexOf(group);
  const hits = engine.search(query.slice(0, MAX_QUERY), {
    filter: ({ id }) => kinds.includes((entries[id as number] as Entry).kind),
  });
  return hits.slice(0, limit).map(({ id, score }) => {
    const { kind, component } = entries[id as number] as Entry;
    return { kind, component, score };
  });
}

function indexOf(group: ClientGroup): Index {
  const known = INDEXES.get(group);
  if (known?.version === group.version) return known;
  const entries: Entry[] = [];
  for (const kind of ['tools', 'resources', 'resourceTemplates', 'prompts'] as const) {
    for (const component of group[kind].values()) entries.push({ id: entries.length, kind, component });
  }
  const engine = new MiniSearch<Entry>({
    fields: [...FIELDS],
    extractField: (entry, field) => (field === 'id' ? String(entry.id) : textOf(entry, field)),
    tokenize: words,
    searchOptions: {
      boost: { name: 3, title: 2 },
      prefix: (term) => term.length > 2,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
    },
  });
  engine.addAll(entries);
  const index = { version: group.version, entries, engine };
  INDEXES.set(group, index);
  return index;
}

function textOf({ component }: Entry, field: string): string {
  const definition = component.definition as Record<string, unknown>;
  if (field === 'server') return component.server;
  if (field === 'name') return `${component.name} ${component.ownName}`;
  if (field === 'arguments')
    return Object.keys(propertiesOf(definition['inputSchema'])).join(' ').slice(0, MAX_TEXT);
  const text = definition[field];
  return typeof text === 'string' ? text.slice(0, MAX_TEXT) : '';
}

function propertiesOf(schema: unknown): object {
  const properties = (schema as { properties?: unknown } | undefined)?.properties;
  return typeof properties === 'object' && properties !== null ? properties : {};
}

/** `readFile`, `read_file` and `read-file` are two words each. */
function words(text: string): string[] {
  return text
    .replaceAll(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}
