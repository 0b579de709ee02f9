/**
 * Content blocks for results of tools and prompts: pictures and sound from bytes, files, and links to resources.
 */
import type {
  Annotations,
  AudioContent,
  EmbeddedResource,
  ImageContent,
  Meta,
  ResourceLink,
} from '@trunkline/protocol';
import { toBase64 } from './base64.ts';
import { DefinitionError } from './definition-error.ts';
import type { ResourceDetails } from './details.ts';
import { mediaTypeOf, textOf } from './media-type.ts';

/** What may be said of a block. */
export interface BlockOptions {
  /** What the bytes are; found by their beginning unless given. */
  readonly mimeType?: string;
  readonly annotations?: Annotations;
  readonly _meta?: Meta;
}

/** What may be said of a file. */
export interface FileOptions extends BlockOptions {
  /** Its address; made of its name unless given. */
  readonly uri?: string;
}

/** A picture. Throws a `DefinitionError` if its format is not known and none is given. */
export function image(bytes: Uint8Array, options: BlockOptions = {}): ImageContent {
  return { type: 'image', data: toBase64(bytes), ...described(bytes, 'image', options) };
}

/** Sound. Throws a `DefinitionError` if its format is not known and none is given. */
export function audio(bytes: Uint8Array, options: BlockOptions = {}): AudioContent {
  return { type: 'audio', data: toBase64(bytes), ...described(bytes, 'audio', options) };
}

/** A file with what it holds: as text where that is text, else as bytes. */
export function file(
  name: string,
  content: string | Uint8Array,
  options: FileOptions = {},
): EmbeddedResource {
  const { uri = `file:///${name.split('/').map(encodeURIComponent).join('/')}`, mimeType, ...said } = options;
  const text = typeof content === 'string' ? content : textOf(content);
  const known = mimeType ?? (typeof content === 'string' ? undefined : mediaTypeOf(content));
  const type = known ?? (text === undefined ? 'application/octet-stream' : 'text/plain');
  const holds = text === undefined ? { blob: toBase64(content as Uint8Array) } : { text };
  return { type: 'resource', resource: { uri, mimeType: type, ...holds }, ...said };
}

/** Points to a resource that the client may read when it needs it. */
export function resourceLink(
  uri: string,
  details: ResourceDetails & { readonly name: string },
): ResourceLink {
  return { type: 'resource_link', uri, ...details };
}

/** A resource as it was read, in the result of a tool or a prompt. */
export function embedded(
  resource: EmbeddedResource['resource'],
  options: Omit<BlockOptions, 'mimeType'> = {},
): EmbeddedResource {
  return { type: 'resource', resource, ...options };
}

function described(
  bytes: Uint8Array,
  kind: 'image' | 'audio',
  { mimeType = mediaTypeOf(bytes), ...said }: BlockOptions,
): { mimeType: string; annotations?: Annotations; _meta?: Meta } {
  if (mimeType?.startsWith(`${kind}/`)) return { mimeType, ...said };
  throw new DefinitionError(
    'bad-result',
    `the bytes are ${mimeType ?? 'of an unknown format'}, not ${kind}; give their mimeType`,
  );
}
