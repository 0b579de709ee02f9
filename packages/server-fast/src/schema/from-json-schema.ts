/**
 * The type of the values that a JSON Schema allows, as far as `type`, `properties`, `required`, `items`, `enum` and `const`
 * say; what other keywords say is `unknown`.
 */
export type FromJsonSchema<Schema> = Schema extends { readonly const: infer Value }
  ? Value
  : Schema extends { readonly enum: readonly (infer Value)[] }
    ? Value
    : Schema extends { readonly type: readonly (infer Type)[] }
      ? OfType<Type, Schema>
      : Schema extends { readonly type: infer Type }
        ? OfType<Type, Schema>
        : unknown;

interface Primitives {
  readonly string: string;
  readonly number: number;
  readonly integer: number;
  readonly boolean: boolean;
  readonly null: null;
}

/** Distributes over a union of type names. */
type OfType<Type, Schema> = Type extends 'object'
  ? ObjectOf<Schema>
  : Type extends 'array'
    ? Schema extends { readonly items: infer Items }
      ? FromJsonSchema<Items>[]
      : unknown[]
    : Type extends keyof Primitives
      ? Primitives[Type]
      : unknown;

type ObjectOf<Schema> = Schema extends { readonly properties: infer Properties }
  ? string extends keyof Properties
    ? { [name: string]: unknown }
    : Flat<
        { -readonly [Name in keyof Properties & RequiredIn<Schema>]: FromJsonSchema<Properties[Name]> } & {
          -readonly [Name in Exclude<keyof Properties, RequiredIn<Schema>>]?: FromJsonSchema<
            Properties[Name]
          >;
        }
      >
  : Schema extends { readonly additionalProperties: infer Additional extends object }
    ? { [name: string]: FromJsonSchema<Additional> }
    : { [name: string]: unknown };

type RequiredIn<Schema> = Schema extends { readonly required: readonly (infer Name)[] } ? Name : never;

type Flat<Type> = { [Name in keyof Type]: Type[Name] };
