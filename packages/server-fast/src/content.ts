import { isJsonObject, type ContentBlock, type JsonObject } from '@trunkline/protocol';
import { DefinitionError } from './definition-error.ts';

/** A text as the one block of content that most results are. */
export function textContent(text: string): ContentBlock {
  return { type: 'text', text };
}

/** Tells whether a value is content as it goes to the client. */
export function isContentBlock(value: unknown): value is ContentBlock {
  if (!isJsonObject(value)) return false;
  switch (value['type']) {
    case 'text':
      return typeof value['text'] === 'string';
    case 'image':
    case 'audio':
      return typeof value['data'] === 'string' && typeof value['mimeType'] === 'string';
    case 'resource_link':
      return typeof value['uri'] === 'string';
    case 'resource':
      return isJsonObject(value['resource']);
    default:
      return false;
  }
}

/** Tells whether a value is a list of content, which may be empty. */
export function isContent(value: unknown): value is ContentBlock[] {
  return Array.isArray(value) && value.every(isContentBlock);
}

/** Tells whether a handler returned what it needs from the client instead of a result. */
export function isInputRequired(value: unknown): value is JsonObject {
  return isJsonObject(value) && value['resultType'] === 'input_required';
}

/** The JSON text of what a handler returned; throws a `DefinitionError` if it has none. */
export function jsonOf(value: unknown, subject: string): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch (cause) {
    throw new DefinitionError('bad-result', `${subject} returned what cannot be written as JSON`, { cause });
  }
  if (json === undefined) throw badResult(value, subject);
  return json;
}

/** The error for a return value of the wrong kind. */
export function badResult(value: unknown, subject: string): DefinitionError {
  const kind = value === null ? 'null' : Array.isArray(value) ? 'a list of something else' : typeof value;
  return new DefinitionError('bad-result', `${subject} returned ${kind}`);
}
