import {
  invalidParams,
  isJsonObject,
  resourceNotFound,
  type CacheHints,
  type JsonObject,
  type JsonValue,
  type Prompt,
  type Resource,
  type ServerCapabilities,
  type Tool,
} from '@trunkline/protocol';
import { fingerprint, type Handler } from '@trunkline/session';
import type { Catalogue } from './catalogue.ts';
import type { RunPrompt } from './prompt.ts';
import type { RunResource } from './resource.ts';
import type { RunTool } from './tool.ts';

/** Everything that a server offers, by kind. */
export interface Offers {
  readonly tools: Catalogue<Tool, RunTool>;
  readonly resources: Catalogue<Resource, RunResource>;
  readonly prompts: Catalogue<Prompt, RunPrompt>;
}

/** What a server may offer. */
export type Kind = keyof Offers;

/** What a server declares that offers something of a kind: the list may change at any time. */
export const CAPABILITIES: Readonly<Record<Kind, ServerCapabilities>> = {
  tools: { tools: { listChanged: true } },
  resources: { resources: { listChanged: true, subscribe: true } },
  prompts: { prompts: { listChanged: true } },
};

/** The handlers of the methods that belong to a kind. */
export function answersFor(kind: Kind, offers: Offers, caching: CacheHints): ReadonlyMap<string, Handler> {
  const list: Handler = ({ cursor }) => offers[kind].page(cursor);
  switch (kind) {
    case 'tools':
      return new Map([
        ['tools/list', list],
        ['tools/call', callTool(offers.tools)],
      ]);
    case 'resources':
      return new Map<string, Handler>([
        ['resources/list', list],
        ['resources/templates/list', () => ({ resourceTemplates: [], ...caching })],
        ['resources/read', readResource(offers.resources)],
      ]);
    case 'prompts':
      return new Map([
        ['prompts/list', list],
        ['prompts/get', getPrompt(offers.prompts)],
      ]);
  }
}

/** Names the definition that a call depends on: one that waits for the user goes on only with the definition it began with. */
export function definitionOf(method: string, { name, uri }: JsonObject, offers: Offers): string {
  const kind = KIND_OF.get(method);
  const offer = kind && offers[kind].find(kind === 'resources' ? uri : name);
  return offer ? fingerprint(JSON.stringify(offer.listed)) : '';
}

const KIND_OF: ReadonlyMap<string, Kind> = new Map([
  ['tools/call', 'tools'],
  ['resources/read', 'resources'],
  ['prompts/get', 'prompts'],
]);

function callTool(tools: Offers['tools']): Handler {
  return ({ name, arguments: args = {} }, context) => {
    const tool = tools.find(name);
    if (!tool) throw invalidParams(`Unknown tool: ${shown(name)}`);
    if (!isJsonObject(args)) throw invalidParams('tools/call: arguments is not an object');
    return tool.run(tool.listed, args, context);
  };
}

function readResource(resources: Offers['resources']): Handler {
  return ({ uri }, context) => {
    if (typeof uri !== 'string') throw invalidParams('resources/read: uri is not a string');
    const resource = resources.find(uri);
    if (!resource) throw resourceNotFound(uri);
    return resource.run(resource.listed, uri, context);
  };
}

function getPrompt(prompts: Offers['prompts']): Handler {
  return ({ name, arguments: args = {} }, context) => {
    const prompt = prompts.find(name);
    if (!prompt) throw invalidParams(`Unknown prompt: ${shown(name)}`);
    if (!isJsonObject(args)) throw invalidParams('prompts/get: arguments is not an object');
    return prompt.run(prompt.listed, args, context);
  };
}

const MAX_SHOWN = 128;

/** What a stranger called something, as far as a message should repeat it. */
function shown(name: JsonValue | undefined): string {
  return typeof name === 'string' ? name.slice(0, MAX_SHOWN) : 'the name is not a string';
}
