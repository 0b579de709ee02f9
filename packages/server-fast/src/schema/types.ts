import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import type { FromJsonSchema } from './from-json-schema.ts';

/**
 * A schema of a library that follows Standard Schema and can write itself as JSON Schema: of Zod 4, of ArkType, or made by
 * Valibot's `toStandardJsonSchema`.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': StandardSchemaV1.Props<Input, Output> & StandardJSONSchemaV1.Props<Input, Output>;
}

/**
 * A JSON Schema as it is written down, of the 2020-12 dialect unless `$schema` says otherwise. Types are inferred from
 * literals. Keywords not listed here are kept.
 */
export interface JsonSchemaLiteral {
  /** Schemas of libraries are another case. */
  readonly '~standard'?: never;
  readonly $schema?: string;
  readonly $ref?: string;
  readonly $defs?: object;
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly properties?: object;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly items?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly allOf?: readonly unknown[];
  readonly anyOf?: readonly unknown[];
  readonly oneOf?: readonly unknown[];
}

/** What describes the values that a handler takes or returns. */
export type AnySchema = StandardSchema | JsonSchemaLiteral;

/** What a handler gets from a schema: the validated value, with defaults and conversions of its library applied. */
export type OutputOf<Schema> = Schema extends { readonly '~standard': { readonly types?: infer Types } }
  ? NonNullable<Types> extends { readonly output: infer Output }
    ? Output
    : unknown
  : FromJsonSchema<Schema>;

/** What has to be given for a schema to accept it. */
export type InputOf<Schema> = Schema extends { readonly '~standard': { readonly types?: infer Types } }
  ? NonNullable<Types> extends { readonly input: infer Input }
    ? Input
    : unknown
  : FromJsonSchema<Schema>;
