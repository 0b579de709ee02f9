import type { Implementation, Prompt, Resource, ResourceTemplate, Tool } from '@trunkline/protocol';

/** What servers offer, by kind. */
export interface Definitions {
  readonly tools: Tool;
  readonly resources: Resource;
  readonly resourceTemplates: ResourceTemplate;
  readonly prompts: Prompt;
}

/** One kind of what servers offer. */
export type ComponentKind = keyof Definitions;

/** Something that one server of a group offers. */
export interface Component<Definition = Definitions[ComponentKind]> {
  /** What it is called in the group: the name of a tool or prompt, the URI of a resource, the pattern of a template. */
  readonly name: string;
  /** The server that offers it. */
  readonly server: string;
  /** What that server calls it. */
  readonly ownName: string;
  /** The definition as the server gave it. */
  readonly definition: Definition;
}

/** What a server offers that the group does not pass on, and why. */
export interface Quarantined {
  readonly server: string;
  readonly kind: ComponentKind;
  /** What the server calls it, as far as that can be said. */
  readonly name: string;
  readonly reason: string;
}

/** Names components: what comes back is the name in the group, whoever else uses it. For resources `name` is the URI. */
export type ComponentNameHook = (name: string, serverInfo: Implementation, kind: ComponentKind) => string;

export const KINDS: readonly ComponentKind[] = ['tools', 'resources', 'resourceTemplates', 'prompts'];

/** The member of a definition that says what it is called. */
export const NAMED_BY: Readonly<Record<ComponentKind, string>> = {
  tools: 'name',
  resources: 'uri',
  resourceTemplates: 'uriTemplate',
  prompts: 'name',
};
