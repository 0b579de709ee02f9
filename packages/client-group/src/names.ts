import type { Implementation } from '@trunkline/protocol';
import { fingerprint } from '@trunkline/session';
import type { Component, ComponentKind, ComponentNameHook } from './components.ts';

/** What one server offers of one kind. */
export interface Offers {
  readonly server: string;
  readonly serverInfo: Implementation;
  readonly definitions: ReadonlyMap<string, object>;
}

/** Longest name that is made here. */
const MAX_NAME = 128;

/**
 * Names everything of one kind: as its server does, or as the hook says. Where several get the same name, all of them are
 * prefixed with their server, so that names depend on which servers there are and never on who came first.
 */
export function nameAll(
  offers: readonly Offers[],
  kind: ComponentKind,
  hook: ComponentNameHook | undefined,
): Map<string, Component> {
  const wanted = new Map<string, Component[]>();
  for (const { server, serverInfo, definitions } of offers) {
    for (const [ownName, definition] of definitions) {
      const name = hook ? hook(ownName, serverInfo, kind) : ownName;
      const component = { name, server, ownName, definition } as Component;
      const rivals = wanted.get(name);
      if (rivals) rivals.push(component);
      else wanted.set(name, [component]);
    }
  }
  const named = new Map<string, Component>();
  const colliding: Component[] = [];
  for (const [name, [only, ...rivals]] of wanted) {
    if (only && rivals.length === 0) named.set(name, only);
    else if (only) colliding.push(only, ...rivals);
  }
  colliding.sort((a, b) => compare(a.server, b.server) || compare(a.ownName, b.ownName));
  for (const component of colliding) {
    const name = free(prefixed(component, kind), named);
    named.set(name, { ...component, name });
  }
  return named;
}

/** What a server is called in the names of its components. */
export function prefixOf(server: string, kind: ComponentKind): string {
  if (kind === 'tools' || kind === 'prompts') return `${server.replaceAll(/[^A-Za-z0-9-]+/g, '_')}_`;
  // The prefix extends the scheme, so that the URI stays one.
  return `${server.replaceAll(/[^A-Za-z0-9.-]+/g, '-').replace(/^(?![A-Za-z])/, 'x')}+`;
}

function prefixed({ server, name }: Component, kind: ComponentKind): string {
  const full = prefixOf(server, kind) + name;
  if (full.length <= MAX_NAME || kind === 'resources' || kind === 'resourceTemplates') return full;
  const mark = fingerprint(full);
  return `${full.slice(0, MAX_NAME - mark.length - 1)}_${mark}`;
}

/** Servers may be called so that even prefixed names meet. */
function free(name: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(name)) return name;
  let count = 2;
  while (taken.has(`${name}_${count}`)) count += 1;
  return `${name}_${count}`;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
