import { isJsonObject, own } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { Fields } from './fields.ts';
import { knownIn, mapMember, mapObjects, without } from './fields.ts';
import { JUNE_2025, MARCH_2025, NOVEMBER_2025 } from './revisions.ts';

const named: Fields = { title: JUNE_2025, icons: NOVEMBER_2025 };
const listed: Fields = { ...named, _meta: JUNE_2025 };

const IMPLEMENTATION: Fields = { ...named, description: NOVEMBER_2025, websiteUrl: NOVEMBER_2025 };
const TOOL: Fields = {
  ...listed,
  annotations: MARCH_2025,
  outputSchema: JUNE_2025,
  execution: NOVEMBER_2025,
};

/** A client's or server's description of itself, in the fields of a legacy revision. */
export function encodeImplementation(revision: string, implementation: JsonObject): JsonObject {
  return knownIn(revision, implementation, IMPLEMENTATION);
}

/**
 * A tool in the fields of a legacy revision, where both schemas are of objects. An output schema of anything else is left
 * out, as is `structuredContent` that is no object: its JSON is in the text.
 * https://modelcontextprotocol.io/specification/2025-11-25/server/tools
 */
export function encodeTool(revision: string, tool: JsonObject): JsonObject {
  const known = knownIn(revision, tool, TOOL);
  const output = known['outputSchema'];
  const typed = isJsonObject(output) && output['type'] !== 'object' ? without(known, 'outputSchema') : known;
  return mapMember(mapMember(typed, 'inputSchema', encodeSchema), 'outputSchema', encodeSchema);
}

/** A prompt in the fields of a legacy revision. */
export function encodePrompt(revision: string, prompt: JsonObject): JsonObject {
  return mapMember(knownIn(revision, prompt, listed), 'arguments', (list) =>
    mapObjects(list, (argument) => knownIn(revision, argument, named)),
  );
}

/** A resource, a template or a link in the fields of a legacy revision. */
export function encodeResource(revision: string, resource: JsonObject): JsonObject {
  return encodeAnnotated(revision, knownIn(revision, resource, listed));
}

/** Something with annotations, whose `lastModified` is younger than they are. */
export function encodeAnnotated(revision: string, annotated: JsonObject): JsonObject {
  return mapMember(annotated, 'annotations', (annotations) =>
    isJsonObject(annotations) ? knownIn(revision, annotations, { lastModified: JUNE_2025 }) : annotations,
  );
}

/** Legacy schemas of properties are objects; 2020-12 also has the schemas `true` and `false`. */
function encodeSchema(schema: JsonValue): JsonValue | undefined {
  const properties = isJsonObject(schema) ? own(schema, 'properties') : undefined;
  if (!isJsonObject(properties) || !Object.values(properties).some((value) => typeof value === 'boolean'))
    return schema;
  const spelled = Object.entries(properties).map(([name, value]): [string, JsonValue | undefined] => [
    name,
    typeof value === 'boolean' ? (value ? {} : { not: {} }) : value,
  ]);
  return { ...(schema as JsonObject), properties: Object.fromEntries(spelled) };
}
