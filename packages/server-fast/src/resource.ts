import {
  isJsonObject,
  type CacheHints,
  type JsonObject,
  type ReadResourceResult,
  type Resource,
  type ResourceContents,
  type ResourceTemplate,
} from '@trunkline/protocol';
import { toBase64 } from './base64.ts';
import { badResult, isInputRequired } from './content.ts';
import type { Context } from './context.ts';
import { DefinitionError } from './definition-error.ts';
import { checkName, pick, type ResourceDetails } from './details.ts';
import { accessOf, type Access, type Offer } from './offer.ts';
import { isThenable } from './settle.ts';

/** What is said of a resource. */
export interface ResourceOptions extends ResourceDetails, Access {
  /** For how long what was read may be reused, and for whom: not at all unless given. */
  readonly caching?: CacheHints;
}

/** What reading a resource may yield: a text, bytes, contents with an address each, or the whole result. */
export type ResourceReturn = string | Uint8Array | ResourceContents | ResourceContents[] | ReadResourceResult;

/** Reads a resource; `uri` is the address that the client asked for. */
export type ResourceHandler<Values = undefined> = (
  uri: string,
  context: Context<Values>,
) => ResourceReturn | Promise<ResourceReturn>;

/** What a client asks to read, and what a template reads from it. */
export interface Address {
  readonly uri: string;
  readonly values: JsonObject;
}

/** What may be changed of a resource while it is offered. */
export const RESOURCE_DETAILS = [
  'title',
  'description',
  'icons',
  'mimeType',
  'annotations',
  'size',
  '_meta',
] as const;

/** Checks what a resource's author wrote; throws a `DefinitionError` if it cannot be offered. */
export function defineResource(
  name: string,
  uri: string,
  options: ResourceOptions,
  handler: ResourceHandler<never>,
): Offer<Resource, Address> {
  checkName('resource', name);
  checkUri(uri);
  const { caching } = options;
  return {
    listed: { name, uri, ...pick(options, RESOURCE_DETAILS) },
    ...accessOf(options),
    run(listed, { uri: address }, context) {
      const finish = (value: unknown): JsonObject => ({
        ...caching,
        ...resourceResult(value, listed, address),
      });
      const returned: unknown = (handler as ResourceHandler<unknown>)(address, context);
      return isThenable(returned) ? returned.then(finish) : finish(returned);
    },
  };
}

const MAX_URI = 8192;

/** Refuses what is no absolute URI of at most 8,192 characters. */
export function checkUri(uri: string): void {
  if (typeof uri === 'string' && uri.length <= MAX_URI && URL.canParse(uri) && !/[{}]/.test(uri)) return;
  const shown = JSON.stringify(uri)?.slice(0, 200);
  throw new DefinitionError('bad-address', `a resource needs an absolute URI without braces, not ${shown}`);
}

/** What was read, as the client gets it. */
export function resourceResult(
  value: unknown,
  { name, mimeType }: Resource | ResourceTemplate,
  uri: string,
): JsonObject {
  const type = mimeType === undefined ? {} : { mimeType };
  if (typeof value === 'string') return { contents: [{ uri, ...type, text: value }] };
  if (value instanceof Uint8Array) return { contents: [{ uri, ...type, blob: toBase64(value) }] };
  if (areContents(value)) return { contents: value };
  if (isContents(value)) return { contents: [value] };
  if (isInputRequired(value) || (isJsonObject(value) && areContents(value['contents']))) return value;
  throw badResult(value, `resource "${name}"`);
}

function areContents(value: unknown): value is JsonObject[] {
  return Array.isArray(value) && value.every(isContents);
}

function isContents(value: unknown): value is JsonObject {
  return (
    isJsonObject(value) &&
    typeof value['uri'] === 'string' &&
    (typeof value['text'] === 'string' || typeof value['blob'] === 'string')
  );
}
