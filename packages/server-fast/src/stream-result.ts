import type { ContentBlock } from '@trunkline/protocol';
import { badResult, isContentBlock, isContent, textContent } from './content.ts';
import type { Context } from './context.ts';
import { DefinitionError } from './definition-error.ts';

/** One part of what a tool yields bit by bit: a text, a block, or several. */
export type StreamPart = string | ContentBlock | ContentBlock[];

/** What was yielded, in order, and what the stream ended with. */
export interface Streamed {
  readonly content: ContentBlock[];
  /** What a generator returned; `undefined` if nothing. */
  readonly returned: unknown;
}

/** Parts of one result. */
const MAX_PARTS = 10_000;
/** Longest message of a report, in UTF-16 units. */
const MAX_MESSAGE = 256;

/** Tells whether a handler returned its result bit by bit. */
export function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

/**
 * Collects what a handler yields, and reports each part as progress with the text that it begins with. Ends the stream when
 * nobody waits for it any more.
 */
export async function collect(
  stream: AsyncIterable<unknown>,
  context: Context<unknown>,
  subject: string,
): Promise<Streamed> {
  const iterator = stream[Symbol.asyncIterator]();
  const content: ContentBlock[] = [];
  let parts = 0;
  let over = false;
  try {
    for (;;) {
      context.signal.throwIfAborted();
      const { done, value } = await iterator.next();
      over = done === true;
      if (over) return { content, returned: value };
      parts += 1;
      if (parts > MAX_PARTS)
        throw new DefinitionError('bad-result', `${subject} yielded more than ${MAX_PARTS} parts`);
      const blocks = blocksOf(value, subject);
      content.push(...blocks);
      await context.progress(parts, undefined, messageOf(blocks));
    }
  } finally {
    if (!over) await iterator.return?.();
  }
}

function blocksOf(value: unknown, subject: string): ContentBlock[] {
  if (typeof value === 'string') return [textContent(value)];
  if (isContentBlock(value)) return [value];
  if (isContent(value)) return value;
  throw badResult(value, `a part of ${subject}`);
}

function messageOf(blocks: readonly ContentBlock[]): string | undefined {
  const text = blocks.find((block) => block.type === 'text');
  return text?.text.slice(0, MAX_MESSAGE);
}
