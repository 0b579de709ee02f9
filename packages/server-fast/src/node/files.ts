import { open, realpath } from 'node:fs/promises';
import { basename, extname, isAbsolute, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AudioContent, EmbeddedResource, ImageContent } from '@trunkline/protocol';
import { audio, file, image, type BlockOptions, type FileOptions } from '../content-helpers.ts';
import { ToolError } from '../tool-error.ts';

/** How a file is read. */
export interface FromFileOptions {
  /** Most bytes; a longer file is refused. 10 MiB unless given. */
  readonly maxBytes?: number;
}

const MAX_BYTES = 10 * 1024 * 1024;

/** Types that only the name of a file tells. */
const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.csv': 'text/csv',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.ts': 'text/typescript',
  '.xml': 'application/xml',
  '.yaml': 'application/yaml',
};

/** A picture from a file. */
export async function imageFile(
  path: string,
  options: BlockOptions & FromFileOptions = {},
): Promise<ImageContent> {
  const { maxBytes, ...said } = options;
  return image(await read(path, maxBytes), said);
}

/** Sound from a file. */
export async function audioFile(
  path: string,
  options: BlockOptions & FromFileOptions = {},
): Promise<AudioContent> {
  const { maxBytes, ...said } = options;
  return audio(await read(path, maxBytes), said);
}

/** A file with what it holds. */
export async function fileFrom(
  path: string,
  options: FileOptions & FromFileOptions = {},
): Promise<EmbeddedResource> {
  const { maxBytes, ...said } = options;
  const mimeType = TYPES[extname(path).toLowerCase()];
  return file(basename(path), await read(path, maxBytes), {
    uri: pathToFileURL(path).href,
    ...(mimeType !== undefined && { mimeType }),
    ...said,
  });
}

/**
 * The real path of something in a folder, whatever links lie on the way. Throws a `ToolError` if it is not there or not in
 * the folder.
 */
export async function insideOf(folder: string, path: string): Promise<string> {
  const root = await realpath(folder);
  const real = path.includes('\0') ? undefined : await realpath(resolve(root, path)).catch(() => undefined);
  const way = real === undefined ? '..' : relative(root, real);
  if (real === undefined || way === '..' || /^\.\.[/\\]/.test(way) || isAbsolute(way))
    throw new ToolError(`There is no ${JSON.stringify(path)} here.`);
  return real;
}

/** The size is taken from the open file, so that a file which grows meanwhile is not read any further. */
async function read(path: string, maxBytes: number = MAX_BYTES): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) throw new ToolError(`${basename(path)} has ${size} bytes, more than ${maxBytes}.`);
    const bytes = new Uint8Array(size);
    const { bytesRead } = await handle.read(bytes, 0, size, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
