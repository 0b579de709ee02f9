import type { Client } from '@trunkline/session';
import {
  KINDS,
  type Component,
  type ComponentKind,
  type ComponentNameHook,
  type Definitions,
} from './components.ts';
import { GroupError } from './group-error.ts';
import { LiveMap } from './live-map.ts';
import type { Member } from './member.ts';
import { nameAll } from './names.ts';
import { matches, literalLength } from './uri-pattern.ts';

/** Who answers for something in the group, and what it calls it. */
export interface Route {
  readonly server: string;
  readonly client: Client;
  readonly ownName: string;
}

type Merged = ReadonlyMap<string, Component>;

/** Everything that the members offer, under the names it has in the group. */
export class Directory {
  readonly tools: ReadonlyMap<string, Component<Definitions['tools']>> = this.#live('tools');
  readonly resources: ReadonlyMap<string, Component<Definitions['resources']>> = this.#live('resources');
  readonly resourceTemplates: ReadonlyMap<string, Component<Definitions['resourceTemplates']>> =
    this.#live('resourceTemplates');
  readonly prompts: ReadonlyMap<string, Component<Definitions['prompts']>> = this.#live('prompts');
  readonly #members: ReadonlyMap<string, Member>;
  readonly #hook: ComponentNameHook | undefined;
  readonly #merged = new Map<ComponentKind, Merged>();
  #version = 0;

  constructor(members: ReadonlyMap<string, Member>, hook: ComponentNameHook | undefined) {
    this.#members = members;
    this.#hook = hook;
  }

  /** Grows with every change. */
  get version(): number {
    return this.#version;
  }

  /** What members offer has changed: all of it, or one kind. */
  changed(kind?: ComponentKind): void {
    this.#version += 1;
    for (const one of kind ? [kind] : KINDS) this.#merged.delete(one);
  }

  /** Who offers a tool or prompt of this name. */
  find(kind: 'tools' | 'prompts' | 'resourceTemplates', name: string): Route | undefined {
    const component = this.#all(kind).get(name);
    return component && this.#route(component.server, component.ownName);
  }

  /** Who has a resource: whoever lists it, has the most specific template for it, or is the only one with resources. */
  findResource(uri: string): Route | undefined {
    const listed = this.resources.get(uri);
    if (listed) return this.#route(listed.server, listed.ownName);
    let best: Component | undefined;
    for (const template of this.#all('resourceTemplates').values()) {
      if (best && literalLength(template.name) <= literalLength(best.name)) continue;
      if (matches(template.name, uri)) best = template;
    }
    if (best) return this.#route(best.server, ownUri(uri, best));
    const having = [...this.#members.values()].filter(({ client }) => client?.capabilities.resources);
    return having.length === 1 && having[0] ? this.#route(having[0].name, uri) : undefined;
  }

  /** Why nobody answers for this name. */
  unknown(kind: ComponentKind, name: string): GroupError {
    const rivals = [...this.#all(kind).values()].filter(({ ownName }) => ownName === name);
    if (rivals.length > 0) {
      const names = rivals.map((rival) => JSON.stringify(rival.name)).join(' and ');
      return new GroupError('ambiguous', `several servers offer ${JSON.stringify(name)}: use ${names}`);
    }
    return new GroupError(
      'unknown-component',
      `no server of the group offers ${JSON.stringify(name)} among its ${kind}`,
    );
  }

  #all(kind: ComponentKind): Merged {
    const known = this.#merged.get(kind);
    if (known) return known;
    const offers = [...this.#members.values()].map((member) => ({
      server: member.name,
      serverInfo: member.serverInfo,
      definitions: member.offered(kind),
    }));
    const merged = nameAll(offers, kind, this.#hook);
    this.#merged.set(kind, merged);
    return merged;
  }

  #live<Kind extends ComponentKind>(kind: Kind): ReadonlyMap<string, Component<Definitions[Kind]>> {
    return new LiveMap(() => this.#all(kind) as ReadonlyMap<string, Component<Definitions[Kind]>>);
  }

  #route(server: string, ownName: string): Route | undefined {
    const member = this.#members.get(server);
    return member?.client && { server, client: member.client, ownName };
  }
}

/** The sessions that are there, by the name of their server. */
export function sessionsOf(members: ReadonlyMap<string, Member>): ReadonlyMap<string, Client> {
  const open = [...members].flatMap(([name, { client }]) => (client ? [[name, client] as const] : []));
  return new Map(open);
}

/** The URI as its server knows it: a template that was prefixed was prefixed for all its resources. */
function ownUri(uri: string, { name, ownName }: Component): string {
  return name.endsWith(ownName) ? uri.slice(name.length - ownName.length) : uri;
}
