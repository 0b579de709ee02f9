import type {
  BooleanSchema,
  EnumSchema,
  LegacyTitledEnumSchema,
  MultiSelectEnumSchema,
  NumberSchema,
  PrimitiveSchemaDefinition,
  SingleSelectEnumSchema,
  StringSchema,
  TitledMultiSelectEnumSchema,
  TitledOption,
  TitledSingleSelectEnumSchema,
  UntitledMultiSelectEnumSchema,
  UntitledSingleSelectEnumSchema,
} from '../elicitation.ts';
import { NOVEMBER_2025 } from '../revision/revisions.ts';
import type { Dated } from './dated.ts';
import {
  boolean,
  integer,
  listOf,
  literal,
  number,
  object,
  oneOf,
  optional,
  string,
  union,
} from './shape.ts';
import type { Schema, SchemasOf } from './shape.ts';

type ChoiceTypes = {
  LegacyTitledEnumSchema: LegacyTitledEnumSchema;
  UntitledSingleSelectEnumSchema: UntitledSingleSelectEnumSchema;
  TitledSingleSelectEnumSchema: TitledSingleSelectEnumSchema;
  SingleSelectEnumSchema: SingleSelectEnumSchema;
  UntitledMultiSelectEnumSchema: UntitledMultiSelectEnumSchema;
  TitledMultiSelectEnumSchema: TitledMultiSelectEnumSchema;
  MultiSelectEnumSchema: MultiSelectEnumSchema;
};

export type FormFieldSchemas = SchemasOf<{
  StringSchema: StringSchema;
  NumberSchema: NumberSchema;
  BooleanSchema: BooleanSchema;
  EnumSchema: EnumSchema;
  PrimitiveSchemaDefinition: PrimitiveSchemaDefinition;
}> &
  Partial<SchemasOf<ChoiceTypes>>;

/** The fields that a form may have. Choices of several values and titles for them came with 2025-11-25. */
export function formFieldSchemas({ since }: Dated): FormFieldSchemas {
  const one = {
    type: literal('string'),
    ...described,
    default: since(NOVEMBER_2025, optional(string)),
  };
  const enumNamed: Schema<LegacyTitledEnumSchema> = object({
    ...one,
    enum: listOf(string),
    enumNames: optional(listOf(string)),
  });
  const choices = since(NOVEMBER_2025, choiceSchemas(enumNamed));
  const StringSchema: Schema<StringSchema> = object({
    ...one,
    minLength: optional(integer),
    maxLength: optional(integer),
    format: optional(oneOf('email', 'uri', 'date', 'date-time')),
  });
  const NumberSchema: Schema<NumberSchema> = object({
    type: oneOf('number', 'integer'),
    ...described,
    minimum: optional(number),
    maximum: optional(number),
    default: since(NOVEMBER_2025, optional(number)),
  });
  const BooleanSchema: Schema<BooleanSchema> = object({
    type: literal('boolean'),
    ...described,
    default: optional(boolean),
  });
  const EnumSchema = union<EnumSchema>(
    enumNamed,
    choices?.SingleSelectEnumSchema,
    choices?.MultiSelectEnumSchema,
  );
  const PrimitiveSchemaDefinition = union<PrimitiveSchemaDefinition>(
    StringSchema,
    NumberSchema,
    BooleanSchema,
    EnumSchema,
  );
  return { StringSchema, NumberSchema, BooleanSchema, EnumSchema, PrimitiveSchemaDefinition, ...choices };
}

const described = { title: optional(string), description: optional(string) };

function choiceSchemas(enumNamed: Schema<LegacyTitledEnumSchema>): SchemasOf<ChoiceTypes> {
  const one = { type: literal('string'), ...described, default: optional(string) };
  const several = {
    type: literal('array'),
    ...described,
    minItems: optional(integer),
    maxItems: optional(integer),
    default: optional(listOf(string)),
  };
  const options = listOf(object<TitledOption>({ const: string, title: string }));
  const UntitledSingleSelectEnumSchema: Schema<UntitledSingleSelectEnumSchema> = object({
    ...one,
    enum: listOf(string),
  });
  const TitledSingleSelectEnumSchema: Schema<TitledSingleSelectEnumSchema> = object({
    ...one,
    oneOf: options,
  });
  const UntitledMultiSelectEnumSchema: Schema<UntitledMultiSelectEnumSchema> = object({
    ...several,
    items: object<UntitledMultiSelectEnumSchema['items']>({ type: literal('string'), enum: listOf(string) }),
  });
  const TitledMultiSelectEnumSchema: Schema<TitledMultiSelectEnumSchema> = object({
    ...several,
    items: object<TitledMultiSelectEnumSchema['items']>({ anyOf: options }),
  });
  return {
    LegacyTitledEnumSchema: enumNamed,
    UntitledSingleSelectEnumSchema,
    TitledSingleSelectEnumSchema,
    SingleSelectEnumSchema: union<SingleSelectEnumSchema>(
      UntitledSingleSelectEnumSchema,
      TitledSingleSelectEnumSchema,
    ),
    UntitledMultiSelectEnumSchema,
    TitledMultiSelectEnumSchema,
    MultiSelectEnumSchema: union<MultiSelectEnumSchema>(
      UntitledMultiSelectEnumSchema,
      TitledMultiSelectEnumSchema,
    ),
  };
}
