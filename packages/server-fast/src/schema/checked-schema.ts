import { isJsonObject, type JsonObject, type JsonValue } from '@trunkline/protocol';
import { DefinitionError } from '../definition-error.ts';
import { patternDefect } from '../pattern/pattern-defect.ts';
import { mapSubschemas } from './subschemas.ts';

const MAX_DEPTH = 64;
const MAX_SUBSCHEMAS = 2_000;
const MAX_LENGTH = 262_144;

/**
 * A copy of a schema that can be published and takes bounded time to validate with: at most 256 KiB, 64 levels and 2,000
 * subschemas, references only into itself, no regular expression that may take exponential time. Throws `DefinitionError`.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic#json-schema-usage
 */
export function checkedSchema(raw: object, subject: string): JsonObject {
  const schema = copyOf(raw, subject);
  const anchors = new Set<JsonValue | undefined>();
  const references: JsonValue[] = [];
  let count = 0;
  const check = (node: JsonValue, depth: number): JsonValue => {
    if (typeof node === 'boolean') return node;
    if (!isJsonObject(node)) throw bad(subject, `has ${JSON.stringify(node)} where a schema belongs`);
    if ((count += 1) > MAX_SUBSCHEMAS) throw bad(subject, `has more than ${MAX_SUBSCHEMAS} subschemas`);
    if (depth > MAX_DEPTH) throw bad(subject, `is nested deeper than ${MAX_DEPTH} levels`);
    for (const keyword of ['$dynamicRef', '$recursiveRef'])
      if (node[keyword] !== undefined)
        throw bad(subject, `uses ${keyword}, which is not supported; use $ref`);
    if (node['$ref'] !== undefined) references.push(node['$ref']);
    anchors.add(node['$anchor']);
    for (const pattern of patternsOf(node)) checkPattern(pattern, subject);
    return mapSubschemas(node, (child) => check(child, depth + 1));
  };
  check(schema, 1);
  for (const reference of references) checkReference(schema, reference, anchors, subject);
  return schema;
}

/** What a reference into a schema leads to; `undefined` if nothing is there. */
export function resolvePointer(schema: JsonObject, reference: string): JsonValue | undefined {
  if (reference === '#') return schema;
  if (!reference.startsWith('#/')) return undefined;
  return reference
    .slice(2)
    .split('/')
    .map((step) => decodeStep(step))
    .reduce<JsonValue | undefined>(
      (node, step) =>
        typeof node === 'object' && node !== null && Object.hasOwn(node, step)
          ? (node as JsonObject)[step]
          : undefined,
      schema,
    );
}

function copyOf(raw: object, subject: string): JsonObject {
  let text: string;
  try {
    text = JSON.stringify(raw);
  } catch (cause) {
    throw bad(subject, 'cannot be written as JSON', cause);
  }
  if (text.length > MAX_LENGTH)
    throw bad(subject, `is ${text.length} characters long; ${MAX_LENGTH} are allowed`);
  return JSON.parse(text) as JsonObject;
}

function checkReference(
  schema: JsonObject,
  reference: JsonValue,
  anchors: ReadonlySet<JsonValue | undefined>,
  subject: string,
): void {
  const found =
    typeof reference === 'string' &&
    (resolvePointer(schema, reference) !== undefined ||
      (reference[0] === '#' && anchors.has(reference.slice(1))));
  if (found) return;
  throw bad(
    subject,
    `refers to ${JSON.stringify(reference)}, which is not in it; nothing is fetched from elsewhere`,
  );
}

function patternsOf({ pattern, patternProperties }: JsonObject): readonly JsonValue[] {
  return [
    ...(pattern === undefined ? [] : [pattern]),
    ...(isJsonObject(patternProperties) ? Object.keys(patternProperties) : []),
  ];
}

function checkPattern(pattern: JsonValue, subject: string): void {
  if (typeof pattern !== 'string')
    throw bad(subject, `has the pattern ${JSON.stringify(pattern)}, which is no text`);
  const defect = patternDefect(pattern);
  if (defect) throw new DefinitionError('unsafe-pattern', `${subject}: the pattern ${pattern} ${defect}`);
}

function decodeStep(step: string): string {
  try {
    return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return step;
  }
}

function bad(subject: string, defect: string, cause?: unknown): DefinitionError {
  return new DefinitionError('bad-schema', `${subject}: the schema ${defect}`, { cause });
}
