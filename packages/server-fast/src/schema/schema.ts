import type { StandardSchemaV1 } from '@standard-schema/spec';
import { isJsonObject, type JsonObject, type JsonValue } from '@trunkline/protocol';
import { DefinitionError } from '../definition-error.ts';
import { checkedSchema, resolvePointer } from './checked-schema.ts';
import { jsonValidator, type Validator } from './json-validator.ts';
import type { AnySchema, StandardSchema } from './types.ts';

/** A schema as a server uses it: converted and compiled when it was registered. */
export interface Schema {
  /** What clients see. */
  readonly json: JsonObject;
  /** The value as its handler gets it, or what is wrong with it. */
  readonly check: (value: unknown) => Checked | Promise<Checked>;
}

/** The outcome of a check. */
export type Checked = StandardSchemaV1.Result<unknown>;

/** What a schema is for. Libraries that convert values have two sides: what is given, and what comes out. */
export interface SchemaUse {
  readonly side: 'input' | 'output';
  /** Names the definition in errors. */
  readonly subject: string;
  /** Validates with plain JSON Schemas. */
  readonly validator: Validator | undefined;
}

/** Converts a schema once and compiles its check; throws a `DefinitionError` that says why it cannot be used. */
export function toSchema(definition: AnySchema, use: SchemaUse): Schema {
  if (isStandard(definition)) {
    const json = checkedSchema(convert(definition, use), use.subject);
    const standard = definition['~standard'];
    return { json: withoutDefaultDialect(json), check: (value) => standard.validate(value) };
  }
  const json = checkedSchema(definition, use.subject);
  const issuesOf = compile(json, use);
  return {
    json: withoutDefaultDialect(json),
    check: (value) => {
      const issues = issuesOf(value);
      return issues === undefined ? { value } : conclude(value, issues);
    },
  };

  async function conclude(value: unknown, found: ReturnType<typeof issuesOf>): Promise<Checked> {
    let issues = await found;
    // What a handler returned may be JSON only once it is written: with members that are undefined, with dates.
    if (issues && use.side === 'output') issues = await issuesOf(JSON.parse(JSON.stringify(value)));
    return issues ? { issues } : { value };
  }
}

/** The same for the schema of arguments, which must be one of objects. */
export function toObjectSchema(definition: AnySchema, use: SchemaUse): Schema {
  const { json, check } = toSchema(definition, use);
  if (!allowsOnlyObjects(json))
    throw new DefinitionError(
      'bad-schema',
      `${use.subject}: the schema is not one of objects; wrap the value in an object`,
    );
  return { json: { ...json, type: 'object' }, check };
}

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** Every library writes the newest dialect it knows; the older one is named by its `$schema`. */
const TARGETS = ['draft-2020-12', 'draft-07'] as const;

/** The schema of some libraries is a function. */
function isStandard(definition: AnySchema): definition is StandardSchema {
  return '~standard' in definition;
}

function convert(definition: StandardSchema, { side, subject }: SchemaUse): object {
  const { vendor, jsonSchema } = definition['~standard'] as Partial<StandardSchema['~standard']>;
  if (!jsonSchema) {
    throw new DefinitionError(
      'bad-schema',
      `${subject}: this schema of ${vendor} cannot write itself as JSON Schema (it has no "~standard".jsonSchema); use a version or wrapper of the library that can`,
    );
  }
  const causes: unknown[] = [];
  for (const target of TARGETS) {
    try {
      return jsonSchema[side]({ target });
    } catch (cause) {
      causes.push(cause);
    }
  }
  const [cause] = causes;
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new DefinitionError(
    'bad-schema',
    `${subject}: ${vendor} cannot write the schema as JSON Schema: ${reason}`,
    { cause },
  );
}

function compile(json: JsonObject, { subject, validator = jsonValidator }: SchemaUse): ReturnType<Validator> {
  try {
    return validator(json);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DefinitionError('bad-schema', `${subject}: the schema cannot be compiled: ${reason}`, {
      cause,
    });
  }
}

/** Clients assume this dialect where none is named. */
function withoutDefaultDialect(json: JsonObject): JsonObject {
  const { $schema, ...rest } = json;
  return $schema === DIALECT ? rest : json;
}

/** Whether a schema says that a value is an object, be it in every branch or behind a reference. */
function allowsOnlyObjects(root: JsonObject): boolean {
  const known = new Map<JsonObject, boolean>();
  const only = (node: JsonValue | undefined): boolean => {
    if (!isJsonObject(node)) return false;
    const answer = known.get(node);
    if (answer !== undefined) return answer;
    known.set(node, false);
    const { type, $ref, allOf, anyOf, oneOf } = node;
    const found =
      type === undefined
        ? (typeof $ref === 'string' && only(resolvePointer(root, $ref))) ||
          (Array.isArray(allOf) && allOf.some(only)) ||
          [anyOf, oneOf].some(
            (branches) => Array.isArray(branches) && branches.length > 0 && branches.every(only),
          )
        : type === 'object';
    known.set(node, found);
    return found;
  };
  return only(root);
}
