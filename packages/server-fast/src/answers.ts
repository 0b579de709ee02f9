import {
  invalidParams,
  isJsonObject,
  resourceNotFound,
  type JsonObject,
  type JsonValue,
  type Prompt,
  type Resource,
  type ResourceTemplate,
  type ServerCapabilities,
  type Tool,
} from '@trunkline/protocol';
import { fingerprint, type Context, type Handler } from '@trunkline/session';
import type { Catalogue } from './catalogue.ts';
import { complete } from './completion.ts';
import { CallContext, type Host } from './context.ts';
import type { Address } from './resource.ts';

/** Everything that a server offers, by kind. */
export interface Offers {
  readonly tools: Catalogue<Tool, JsonObject>;
  readonly resources: Catalogue<Resource, Address>;
  readonly resourceTemplates: Catalogue<ResourceTemplate, Address>;
  readonly prompts: Catalogue<Prompt, JsonObject>;
}

/** What a server may offer. */
export type Kind = keyof Offers;

/** A group of methods that belong together. */
export type Feature = 'tools' | 'resources' | 'prompts' | 'completions';

/** What a server declares that offers something of a kind: the list may change at any time. */
export const CAPABILITIES: Readonly<Record<Feature, ServerCapabilities>> = {
  tools: { tools: { listChanged: true } },
  resources: { resources: { listChanged: true, subscribe: true } },
  prompts: { prompts: { listChanged: true } },
  completions: { completions: {} },
};

/** The handlers of the methods that belong to a feature. */
export function answersFor(feature: Feature, offers: Offers, host: Host): ReadonlyMap<string, Handler> {
  const list =
    (kind: Kind): Handler =>
    ({ cursor }, context) =>
      offers[kind].page(cursor, context);
  switch (feature) {
    case 'tools':
      return new Map([
        ['tools/list', list('tools')],
        ['tools/call', callTool(offers, host)],
      ]);
    case 'resources':
      return new Map<string, Handler>([
        ['resources/list', list('resources')],
        ['resources/templates/list', list('resourceTemplates')],
        ['resources/read', (params, context) => readResource(params, context, offers, host)],
      ]);
    case 'prompts':
      return new Map([
        ['prompts/list', list('prompts')],
        ['prompts/get', getPrompt(offers, host)],
      ]);
    case 'completions':
      return new Map([['completion/complete', completeArgument(offers, host)]]);
  }
}

/** Reads a resource, be it one of its own or one of a template. Throws if there is none that the caller may read. */
export function readResource(params: JsonObject, context: Context, offers: Offers, host: Host): unknown {
  const { uri } = params;
  if (typeof uri !== 'string') throw invalidParams('resources/read: uri is not a string');
  const within = (): CallContext => new CallContext(context, params, host);
  const resource = offers.resources.find(uri, context);
  if (resource) return resource.run(resource.listed, { uri, values: {} }, within());
  const found = findTemplate(uri, context, offers);
  if (!found) throw resourceNotFound(uri);
  return found.template.run(found.template.listed, { uri, values: found.values }, within());
}

/** Names the definition that a call depends on: one that waits for the user goes on only with the definition it began with. */
export function definitionOf(method: string, { name, uri }: JsonObject, offers: Offers): string {
  const listed = listedFor(method, name, uri, offers);
  return listed ? fingerprint(JSON.stringify(listed)) : '';
}

function listedFor(
  method: string,
  name: JsonValue | undefined,
  uri: JsonValue | undefined,
  offers: Offers,
): JsonObject | undefined {
  if (method === 'tools/call') return offers.tools.find(name)?.listed;
  if (method === 'prompts/get') return offers.prompts.find(name)?.listed;
  if (typeof uri !== 'string') return undefined;
  return offers.resources.find(uri)?.listed ?? findTemplate(uri, undefined, offers)?.template.listed;
}

type Template = NonNullable<ReturnType<Offers['resourceTemplates']['find']>>;

/** The first template, in the order of the list, that an address is of. */
function findTemplate(
  uri: string,
  context: Context | undefined,
  { resourceTemplates }: Offers,
): { readonly template: Template; readonly values: JsonObject } | undefined {
  if (uri.length > MAX_URI) return undefined;
  for (const [key, { match }] of resourceTemplates.offers) {
    const values = match?.(uri);
    const template = values && resourceTemplates.find(key, context);
    if (template) return { template, values };
  }
  return undefined;
}

const MAX_URI = 8192;

function callTool({ tools }: Offers, host: Host): Handler {
  return (params, context) => {
    const { name, arguments: args = {} } = params;
    const tool = tools.find(name, context);
    if (!tool) throw invalidParams(`Unknown tool: ${shown(name)}`);
    if (!isJsonObject(args)) throw invalidParams('tools/call: arguments is not an object');
    return tool.run(tool.listed, args, new CallContext(context, params, host));
  };
}

function getPrompt({ prompts }: Offers, host: Host): Handler {
  return (params, context) => {
    const { name, arguments: args = {} } = params;
    const prompt = prompts.find(name, context);
    if (!prompt) throw invalidParams(`Unknown prompt: ${shown(name)}`);
    if (!isJsonObject(args)) throw invalidParams('prompts/get: arguments is not an object');
    return prompt.run(prompt.listed, args, new CallContext(context, params, host));
  };
}

function completeArgument(offers: Offers, host: Host): Handler {
  return (params, context) => {
    const ref = isJsonObject(params['ref']) ? params['ref'] : {};
    const offer =
      ref['type'] === 'ref/prompt'
        ? offers.prompts.find(ref['name'], context)
        : offers.resourceTemplates.find(ref['uri'], context);
    if (!offer) throw invalidParams(`completion/complete: unknown ref ${shown(ref['name'] ?? ref['uri'])}`);
    return complete(offer.complete, params, new CallContext(context, params, host));
  };
}

const MAX_SHOWN = 128;

/** What a stranger called something, as far as a message should repeat it. */
function shown(name: JsonValue | undefined): string {
  return typeof name === 'string' ? name.slice(0, MAX_SHOWN) : 'the name is not a string';
}
