import type {
  ElicitationCompleteNotificationParams,
  ElicitRequestFormParams,
  ElicitRequestParams,
  ElicitRequestURLParams,
  ElicitResult,
  RequestedSchema,
} from '../elicitation.ts';
import { NOVEMBER_2025 } from '../revision/revisions.ts';
import type { Common } from './common.ts';
import { formFieldSchemas } from './form-fields.ts';
import type { FormFieldSchemas } from './form-fields.ts';
import { boolean, listOf, literal, mapOf, number, object, oneOf, optional, string, union } from './shape.ts';
import type { Schema, SchemasOf } from './shape.ts';

export type ElicitationSchemas = FormFieldSchemas &
  SchemasOf<{
    ElicitRequestFormParams: ElicitRequestFormParams;
    ElicitRequestParams: ElicitRequestParams;
    ElicitResult: ElicitResult;
  }> &
  Partial<
    SchemasOf<{
      ElicitRequestURLParams: ElicitRequestURLParams;
      ElicitationCompleteNotificationParams: ElicitationCompleteNotificationParams;
    }>
  >;

/** Questions to the user: from 2025-06-18 on, with URLs from 2025-11-25 on. */
export function elicitationSchemas(common: Common): ElicitationSchemas {
  const { asked, answered, notification, since, only } = common;
  const fields = formFieldSchemas(common);
  const requestedSchema: Schema<RequestedSchema> = object({
    $schema: since(NOVEMBER_2025, optional(string)),
    type: literal('object'),
    properties: mapOf(fields.PrimitiveSchemaDefinition),
    required: optional(listOf(string)),
  });
  const ElicitRequestFormParams: Schema<ElicitRequestFormParams> = object({
    mode: since(NOVEMBER_2025, optional(literal('form'))),
    message: string,
    requestedSchema,
    ...asked,
  });
  const ElicitRequestURLParams: Schema<ElicitRequestURLParams> = object({
    mode: literal('url'),
    message: string,
    url: string,
    elicitationId: only(NOVEMBER_2025, string),
    ...asked,
  });
  const answer = union<string | number | boolean | string[]>(
    string,
    number,
    boolean,
    since(NOVEMBER_2025, listOf(string)),
  );
  return {
    ...fields,
    ElicitRequestFormParams,
    ElicitRequestParams: union<ElicitRequestParams>(
      ElicitRequestFormParams,
      since(NOVEMBER_2025, ElicitRequestURLParams),
    ),
    ElicitResult: object<ElicitResult>({
      action: oneOf('accept', 'decline', 'cancel'),
      content: optional(mapOf(answer)),
      ...answered,
    }),
    ...since(NOVEMBER_2025, { ElicitRequestURLParams }),
    ...only(NOVEMBER_2025, {
      ElicitationCompleteNotificationParams: object<ElicitationCompleteNotificationParams>({
        elicitationId: string,
        ...notification,
      }),
    }),
  };
}
