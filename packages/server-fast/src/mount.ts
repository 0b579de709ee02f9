import type { JsonObject, Prompt, Resource, ResourceTemplate, Tool } from '@trunkline/protocol';
import { isJsonObject } from '@trunkline/protocol';
import type { Mapping } from './catalogue.ts';
import type { Host } from './context.ts';
import { checkName } from './details.ts';
import type { Offer } from './offer.ts';
import type { Address } from './resource.ts';
import { isThenable } from './settle.ts';

/** Changes what a mounted server offers, kind by kind; what a mapping returns `undefined` for is not offered. */
export interface Transform {
  readonly tool?: Mapping<Tool, JsonObject>;
  readonly resource?: Mapping<Resource, Address>;
  readonly resourceTemplate?: Mapping<ResourceTemplate, Address>;
  readonly prompt?: Mapping<Prompt, JsonObject>;
}

/** How a server is mounted in another. */
export interface MountOptions<Prefix extends string = string> {
  /** Stands before names with a `_`, and in addresses after their scheme: `note://a` becomes `note://prefix/a`. */
  readonly prefix?: Prefix;
  /** Change what is offered before it gets its prefix, one after the other. */
  readonly transforms?: readonly Transform[];
}

/** A server as the one sees it that it is mounted in. */
export interface Mountable extends Host {
  readonly isOpen: boolean;
  open(): Promise<void>;
}

/** How entries of a mounted server become entries of the one above. */
export type Mappings = Required<Transform> & {
  /** The address above of an address below. */
  readonly uri: (uri: string) => string;
};

/** The mappings that the options of a mount ask for. Throws a `DefinitionError` for a prefix that is no name. */
export function mappingsFor(host: Mountable, { prefix, transforms = [] }: MountOptions): Mappings {
  if (prefix !== undefined) checkName('prefix', prefix);
  const above = (uri: string): string => prefixed(uri, prefix);
  const below = (uri: string): string => unprefixed(uri, prefix);
  const named = <Listed extends JsonObject & { name: string }>(
    offer: Offer<Listed, JsonObject>,
  ): Offer<Listed, JsonObject> => ({
    ...offer,
    listed: prefix === undefined ? offer.listed : { ...offer.listed, name: `${prefix}_${offer.listed.name}` },
    run: (listed, input, context) => opened(host, () => offer.run(listed, input, context.within(host))),
  });
  const read = <Listed>(offer: Offer<Listed, Address>, listed: Listed): Offer<Listed, Address> => ({
    ...offer,
    listed,
    run(shown, { uri, values }, context) {
      const result = opened(host, () => offer.run(shown, { uri: below(uri), values }, context.within(host)));
      return isThenable(result) ? result.then((value) => addressed(value, above)) : addressed(result, above);
    },
  });
  const pass = <Kind extends keyof Transform>(kind: Kind, offer: Mapped<Kind>): Mapped<Kind> | undefined =>
    transforms.reduce<Mapped<Kind> | undefined>((passed, transform) => {
      const mapping = transform[kind] as Mapping<never, never> | undefined;
      return passed && mapping ? (mapping(passed as never) as Mapped<Kind> | undefined) : passed;
    }, offer);
  return {
    uri: above,
    tool: (offer) => mapped(pass('tool', offer), named),
    prompt: (offer) => mapped(pass('prompt', offer), named),
    resource: (offer) =>
      mapped(pass('resource', offer), (passed) =>
        read(passed, { ...passed.listed, uri: above(passed.listed.uri) }),
      ),
    resourceTemplate: (offer) =>
      mapped(pass('resourceTemplate', offer), (passed) => ({
        ...read(passed, { ...passed.listed, uriTemplate: above(passed.listed.uriTemplate) }),
        match: (uri) => (above(below(uri)) === uri ? passed.match?.(below(uri)) : undefined),
      })),
  };
}

/** A server that is mounted in one which serves already is opened when it is first needed, if not before. */
function opened(host: Mountable, run: () => unknown): unknown {
  return host.isOpen ? run() : host.open().then(run);
}

type Mapped<Kind extends keyof Transform> = Parameters<Required<Transform>[Kind]>[0];

function mapped<Value>(value: Value | undefined, map: (value: Value) => Value): Value | undefined {
  return value === undefined ? undefined : map(value);
}

/** The scheme of an address with what follows it always. */
const SCHEME = /^[a-z][\w+.-]*:(?:\/\/)?/i;

function prefixed(uri: string, prefix: string | undefined): string {
  return prefix === undefined ? uri : uri.replace(SCHEME, (scheme) => `${scheme}${prefix}/`);
}

function unprefixed(uri: string, prefix: string | undefined): string {
  const scheme = SCHEME.exec(uri)?.[0] ?? '';
  const start = `${scheme}${prefix}/`;
  return prefix !== undefined && uri.startsWith(start) ? scheme + uri.slice(start.length) : uri;
}

/** What was read below names its addresses as they are above. */
function addressed(result: unknown, above: (uri: string) => string): unknown {
  if (!isJsonObject(result) || !Array.isArray(result['contents'])) return result;
  const contents = result['contents'].map((each) =>
    isJsonObject(each) && typeof each['uri'] === 'string' ? { ...each, uri: above(each['uri']) } : each,
  );
  return { ...result, contents };
}
