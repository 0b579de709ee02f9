import { isJsonObject, own } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { ProtocolError } from '../protocol-error.ts';

/**
 * Makes sure that a result has the members that callers of its method read, as far as the types promise them; the rest is
 * for the schemas. Throws `ProtocolError('unexpected-shape')` with the method and the member.
 */
export function checkShape(method: string, result: JsonObject): void {
  const shape = SHAPES.get(method);
  for (const member in shape) {
    const expected = shape[member];
    if (expected && !expected.holds(own(result, member)))
      throw unexpected(method, `result.${member}`, expected.words);
  }
}

/** The error for an answer that lacks what its method promises. */
export function unexpected(method: string, member: string, expected: string): ProtocolError {
  return new ProtocolError('unexpected-shape', `${method}: ${member} is not ${expected}`);
}

interface Expectation {
  readonly words: string;
  holds(value: JsonValue | undefined): boolean;
}
type Shape = Readonly<Record<string, Expectation>>;

const string: Expectation = { words: 'a string', holds: (value) => typeof value === 'string' };
const object: Expectation = { words: 'an object', holds: isJsonObject };
const cursor = optional(string);

const SHAPES: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ['initialize', { protocolVersion: string, capabilities: object, serverInfo: having('name', 'version') }],
  ['server/discover', { supportedVersions: listOf(string), capabilities: object }],
  ['tools/list', { tools: listOf(having('name')), nextCursor: cursor }],
  ['tools/call', { content: listOf(having('type')) }],
  ['prompts/list', { prompts: listOf(having('name')), nextCursor: cursor }],
  ['prompts/get', { messages: listOf(having('role')) }],
  ['resources/list', { resources: listOf(having('uri')), nextCursor: cursor }],
  ['resources/templates/list', { resourceTemplates: listOf(having('uriTemplate')), nextCursor: cursor }],
  ['resources/read', { contents: listOf(having('uri')) }],
  ['completion/complete', { completion: completion() }],
  ['elicitation/create', { action: string, content: optional(object) }],
  ['sampling/createMessage', { role: string, model: string, content: content() }],
  ['roots/list', { roots: listOf(having('uri')) }],
]);

function having(...names: string[]): Expectation {
  return {
    words: `an object with ${names.map((name) => `a string ${name}`).join(' and ')}`,
    holds: (value) => isJsonObject(value) && names.every((name) => typeof own(value, name) === 'string'),
  };
}

function listOf(item: Expectation): Expectation {
  return {
    words: `a list of which each item is ${item.words}`,
    holds: (value) => Array.isArray(value) && value.every((element) => item.holds(element)),
  };
}

function optional(expected: Expectation): Expectation {
  return {
    words: `${expected.words} or absent`,
    holds: (value) => value === undefined || expected.holds(value),
  };
}

function completion(): Expectation {
  const values = listOf(string);
  return {
    words: 'an object with a list of strings named values',
    holds: (value) => isJsonObject(value) && values.holds(own(value, 'values')),
  };
}

function content(): Expectation {
  const block = having('type');
  const blocks = listOf(block);
  return {
    words: `${block.words}, or a list of such`,
    holds: (value) => block.holds(value) || blocks.holds(value),
  };
}
