import type {
  BooleanSchema,
  ElicitationCompleteNotificationParams,
  ElicitRequestFormParams,
  ElicitRequestParams,
  ElicitRequestURLParams,
  ElicitResult,
  LegacyTitledEnumSchema,
  NumberSchema,
  PrimitiveSchemaDefinition,
  RequestedSchema,
  StringSchema,
  TitledMultiSelectEnumSchema,
  TitledOption,
  TitledSingleSelectEnumSchema,
  UntitledMultiSelectEnumSchema,
  UntitledSingleSelectEnumSchema,
} from '../elicitation.ts';
import { NOVEMBER_2025 } from '../revision/revisions.ts';
import type { Common } from './common.ts';
import type { Dated } from './dated.ts';
import {
  boolean,
  integer,
  listOf,
  literal,
  mapOf,
  number,
  object,
  oneOf,
  optional,
  string,
  union,
} from './shape.ts';
import type { Schema, SchemasOf } from './shape.ts';

type FieldTypes = {
  StringSchema: StringSchema;
  NumberSchema: NumberSchema;
  BooleanSchema: BooleanSchema;
  LegacyTitledEnumSchema: LegacyTitledEnumSchema;
  UntitledSingleSelectEnumSchema: UntitledSingleSelectEnumSchema;
  TitledSingleSelectEnumSchema: TitledSingleSelectEnumSchema;
  UntitledMultiSelectEnumSchema: UntitledMultiSelectEnumSchema;
  TitledMultiSelectEnumSchema: TitledMultiSelectEnumSchema;
};

export type ElicitationSchemas = SchemasOf<
  FieldTypes & {
    PrimitiveSchemaDefinition: PrimitiveSchemaDefinition;
    ElicitRequestFormParams: ElicitRequestFormParams;
    ElicitRequestParams: ElicitRequestParams;
    ElicitResult: ElicitResult;
  }
> &
  Partial<
    SchemasOf<{
      ElicitRequestURLParams: ElicitRequestURLParams;
      ElicitationCompleteNotificationParams: ElicitationCompleteNotificationParams;
    }>
  >;

export function elicitationSchemas({
  asked,
  answered,
  notification,
  since,
  only,
}: Common): ElicitationSchemas {
  const fields = fieldSchemas({ since });
  const PrimitiveSchemaDefinition = union<PrimitiveSchemaDefinition>(...Object.values(fields));
  const requestedSchema: Schema<RequestedSchema> = object({
    $schema: since(NOVEMBER_2025, optional(string)),
    type: literal('object'),
    properties: mapOf(PrimitiveSchemaDefinition),
    required: optional(listOf(string)),
  });
  const ElicitRequestFormParams: Schema<ElicitRequestFormParams> = object({
    mode: since(NOVEMBER_2025, optional(literal('form'))),
    message: string,
    requestedSchema,
    ...asked,
  });
  const later = since(NOVEMBER_2025, {
    ElicitRequestURLParams: object<ElicitRequestURLParams>({
      mode: literal('url'),
      message: string,
      url: string,
      elicitationId: only(NOVEMBER_2025, string),
      ...asked,
    }),
  });
  const value = union<string | number | boolean | string[]>(string, number, boolean, listOf(string));
  return {
    ...fields,
    ...later,
    PrimitiveSchemaDefinition,
    ElicitRequestFormParams,
    ElicitRequestParams: union<ElicitRequestParams>(ElicitRequestFormParams, ...Object.values(later ?? {})),
    ElicitResult: object<ElicitResult>({
      action: oneOf('accept', 'decline', 'cancel'),
      content: optional(mapOf(value)),
      ...answered,
    }),
    ...only(NOVEMBER_2025, {
      ElicitationCompleteNotificationParams: object<ElicitationCompleteNotificationParams>({
        elicitationId: string,
        ...notification,
      }),
    }),
  };
}

function fieldSchemas({ since }: Pick<Dated, 'since'>): SchemasOf<FieldTypes> {
  const described = { title: optional(string), description: optional(string) };
  const defaultOf = <T>(schema: Schema<T>) => since(NOVEMBER_2025, optional(schema));
  const options = listOf(object<TitledOption>({ const: string, title: string }));
  const several = {
    type: literal('array'),
    ...described,
    minItems: optional(integer),
    maxItems: optional(integer),
    default: defaultOf(listOf(string)),
  };
  const one = { type: literal('string'), ...described, default: defaultOf(string) };
  return {
    StringSchema: object({
      ...one,
      minLength: optional(integer),
      maxLength: optional(integer),
      format: optional(oneOf('email', 'uri', 'date', 'date-time')),
    }),
    NumberSchema: object({
      type: oneOf('number', 'integer'),
      ...described,
      minimum: optional(number),
      maximum: optional(number),
      default: defaultOf(number),
    }),
    BooleanSchema: object({ type: literal('boolean'), ...described, default: optional(boolean) }),
    LegacyTitledEnumSchema: object({ ...one, enum: listOf(string), enumNames: optional(listOf(string)) }),
    UntitledSingleSelectEnumSchema: object({ ...one, enum: listOf(string) }),
    TitledSingleSelectEnumSchema: object({ ...one, oneOf: options }),
    UntitledMultiSelectEnumSchema: object({
      ...several,
      items: object<UntitledMultiSelectEnumSchema['items']>({
        type: literal('string'),
        enum: listOf(string),
      }),
    }),
    TitledMultiSelectEnumSchema: object({
      ...several,
      items: object<TitledMultiSelectEnumSchema['items']>({ anyOf: options }),
    }),
  };
}
