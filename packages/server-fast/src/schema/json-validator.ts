import type { Validator as SchemaValidator, OutputUnit, SchemaDraft } from '@cfworker/json-schema';
import { isJsonObject, type JsonObject, type JsonValue } from '@trunkline/protocol';
import { resolvePointer } from './checked-schema.ts';
import { clip, type Issue } from './issues.ts';
import { quickAccept } from './quick-accept.ts';
import { mapSubschemas } from './subschemas.ts';

/** Compiles a JSON Schema once into a function that says what is wrong with a value; `undefined` if nothing is. */
export type Validator = (
  schema: JsonObject,
) => (value: unknown) => readonly Issue[] | undefined | Promise<readonly Issue[] | undefined>;

/** Longest text that is tried on a `pattern` or `format` where its schema has no `maxLength`. */
const MAX_TEXT = 10_000;
/** Longest list that is searched for `uniqueItems` where its schema has no `maxItems`. */
const MAX_ITEMS = 1_000;

const DRAFTS: ReadonlyMap<JsonValue | undefined, SchemaDraft> = new Map([
  [undefined, '2020-12'],
  ['https://json-schema.org/draft/2020-12/schema', '2020-12'],
  ['https://json-schema.org/draft/2019-09/schema', '2019-09'],
  ['http://json-schema.org/draft-07/schema', '7'],
  ['http://json-schema.org/draft-07/schema#', '7'],
]);

/**
 * Validates without generating code. Throws an `Error` for a dialect other than 2020-12, 2019-09 and draft-07. Texts of more than
 * 10,000 characters fail a `pattern` or `format` and lists of more than 1,000 items fail `uniqueItems`, unless `maxLength`
 * or `maxItems` say otherwise: what these cost grows faster than what is sent.
 */
export const jsonValidator: Validator = (schema) => {
  const draft = DRAFTS.get(schema['$schema']);
  if (!draft) throw new Error(`the dialect ${JSON.stringify(schema['$schema'])} is not supported`);
  const compiled = bounded(schema) as JsonObject;
  const accepts = quickAccept(schema);
  let validator: Promise<SchemaValidator> | undefined;
  return (value) => {
    if (accepts?.(value)) return undefined;
    validator ??= load(compiled, draft);
    return validator.then((loaded) => issuesIn(value, loaded, compiled));
  };
};

/** Many servers never need it, and a process that loads it starts a fifth slower. */
async function load(schema: JsonObject, draft: SchemaDraft): Promise<SchemaValidator> {
  const { Validator } = await import('@cfworker/json-schema');
  return new Validator(schema, draft, false);
}

function issuesIn(
  value: unknown,
  validator: SchemaValidator,
  schema: JsonObject,
): readonly Issue[] | undefined {
  try {
    const { valid, errors } = validator.validate(value);
    return valid ? undefined : issuesOf(errors, schema);
  } catch {
    return [{ message: 'cannot be checked: it is no JSON, or too deep' }];
  }
}

/** Errors that only say that a part has errors, which are listed too. */
const SUMMARIES: ReadonlySet<string> = new Set([
  '$ref',
  'additionalItems',
  'additionalProperties',
  'allOf',
  'dependentSchemas',
  'if',
  'items',
  'patternProperties',
  'prefixItems',
  'properties',
  'unevaluatedItems',
  'unevaluatedProperties',
]);

/** Puts what costs more than linear time behind a limit on the size. */
function bounded(schema: JsonValue): JsonValue {
  if (!isJsonObject(schema)) return schema;
  const { pattern, format, uniqueItems, ...rest } = mapSubschemas(schema, bounded);
  let result = rest;
  if (pattern !== undefined || format !== undefined) {
    const { maxLength = MAX_TEXT } = rest;
    const costly = {
      ...(pattern !== undefined && { pattern }),
      // The validator's own `url`, which is no standard format, can be stalled.
      ...(format !== undefined && { format: format === 'url' ? 'uri' : format }),
    };
    result = { ...limited(result, { minLength: Number(maxLength) + 1 }, costly), maxLength };
  }
  if (uniqueItems === true) {
    const { maxItems = MAX_ITEMS } = rest;
    result = { ...limited(result, { minItems: Number(maxItems) + 1 }, { uniqueItems }), maxItems };
  }
  return result;
}

/** A schema with a part that is tried only on what is not too large. */
function limited(schema: JsonObject, tooLarge: JsonObject, costly: JsonObject): JsonObject {
  const { allOf } = schema;
  return { ...schema, allOf: [...(Array.isArray(allOf) ? allOf : []), { if: tooLarge, else: costly }] };
}

function issuesOf(errors: readonly OutputUnit[], schema: JsonObject): readonly Issue[] {
  const causes = errors.filter(({ keyword }) => !SUMMARIES.has(keyword));
  return (causes.length > 0 ? causes : errors).map((error) => ({
    path: pathOf(error.instanceLocation),
    message: clip(inWords(error, schema)),
  }));
}

function inWords({ keyword, keywordLocation, error }: OutputUnit, schema: JsonObject): string {
  if (keyword === 'false') return 'is not allowed';
  if (keyword === 'pattern') {
    const pattern = resolvePointer(schema, keywordLocation);
    return typeof pattern === 'string' ? `does not match the pattern ${pattern}` : error;
  }
  const [, found, expected] = /^Instance type "(\w+)" is invalid\. Expected "(.*)"\.$/.exec(error) ?? [];
  return found && expected ? `expected ${expected.replaceAll('", "', ' or ')}, got ${found}` : error;
}

function pathOf(location: string): readonly (string | number)[] {
  return location
    .split('/')
    .slice(1)
    .map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
