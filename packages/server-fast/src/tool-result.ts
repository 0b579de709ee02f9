import { isJsonObject, type CallToolResult, type JsonObject, type JsonValue } from '@trunkline/protocol';
import { isContent, isContentBlock, isInputRequired, jsonOf, textContent } from './content.ts';
import { DefinitionError } from './definition-error.ts';
import { issueText } from './schema/issues.ts';
import type { Checked, Schema } from './schema/schema.ts';
import { isThenable } from './settle.ts';
import type { Streamed } from './stream-result.ts';
import { isToolError } from './tool-error.ts';

/** What a tool without an output schema returned, as the client gets it. */
export function toolResult(value: unknown, subject: string): JsonObject {
  if (typeof value === 'string') return { content: [textContent(value)] };
  if (isCallToolResult(value) || isInputRequired(value)) return value;
  if (isContentBlock(value)) return { content: [value] };
  if (isContent(value)) return { content: value };
  const json = jsonOf(value, subject);
  return typeof value === 'object' && value !== null
    ? { content: [textContent(json)], structuredContent: jsonValue(value, json) }
    : { content: [textContent(json)] };
}

/**
 * What a tool with an output schema returned, as the client gets it: validated, in `structuredContent` and as text for clients
 * that read only that. A full result is one that has `structuredContent` itself or reports an error, which needs none.
 * https://modelcontextprotocol.io/specification/2026-07-28/server/tools#structured-content
 */
export function structuredResult(
  value: unknown,
  output: Schema,
  subject: string,
): JsonObject | Promise<JsonObject> {
  const full = isCallToolResult(value);
  if (isInputRequired(value) || (full && value.isError)) return value;
  if (!full || value.structuredContent === undefined) return conforming(value, output, subject, structured);
  return conforming(value.structuredContent, output, subject, (structuredContent, text) => ({
    ...value,
    content: value.content.length > 0 ? value.content : [textContent(text)],
    structuredContent,
  }));
}

/** What a tool yielded bit by bit, as the client gets it: its parts are the content, unless it ended with another. */
export function streamedResult(
  { content, returned }: Streamed,
  output: Schema | undefined,
  subject: string,
): JsonObject | Promise<JsonObject> {
  const full = isCallToolResult(returned)
    ? { ...returned, content: [...content, ...returned.content] }
    : undefined;
  if (!output) return full ?? { content };
  return structuredResult(full ?? { content, structuredContent: returned }, output, subject);
}

/** What the client is told of an exception; rethrows it unless it is a `ToolError`. */
export function failedResult(error: unknown): JsonObject {
  if (!isToolError(error)) throw error;
  const { message, content, structuredContent } = error;
  return {
    content: content ? [...content] : [textContent(message)],
    ...(structuredContent !== undefined && { structuredContent }),
    isError: true,
  };
}

function isCallToolResult(value: unknown): value is CallToolResult {
  return isJsonObject(value) && isContent(value['content']);
}

function structured(structuredContent: JsonValue, text: string): CallToolResult {
  return { content: [textContent(text)], structuredContent };
}

type Finish = (json: JsonValue, text: string) => JsonObject;

function conforming(
  value: unknown,
  { check }: Schema,
  subject: string,
  finish: Finish,
): JsonObject | Promise<JsonObject> {
  const conclude = (checked: Checked): JsonObject => {
    if (checked.issues) {
      throw new DefinitionError(
        'bad-result',
        `${subject} returned what its output schema does not allow:\n${issueText(checked.issues)}`,
      );
    }
    const text = jsonOf(checked.value, subject);
    return finish(jsonValue(checked.value, text), text);
  };
  const checked = check(value);
  return isThenable(checked) ? checked.then(conclude) : conclude(checked);
}

/** What a value with a JSON form of its own, such as a date, is on the wire. */
function jsonValue(value: unknown, json: string): JsonValue {
  const speaksForItself = typeof value === 'object' && value !== null && 'toJSON' in value;
  return speaksForItself ? (JSON.parse(json) as JsonValue) : (value as JsonValue);
}
