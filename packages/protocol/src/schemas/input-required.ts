import * as z from 'zod/mini';
import type { ElicitRequest, ElicitRequestParams, ElicitResult } from '../elicitation.ts';
import type {
  InputRequest,
  InputRequests,
  InputRequiredResult,
  InputResponse,
  InputResponseRequestParams,
  InputResponses,
} from '../input-required.ts';
import type { ListRootsRequest, ListRootsResult } from '../roots.ts';
import type { CreateMessageRequest, CreateMessageRequestParams, CreateMessageResult } from '../sampling.ts';
import type { Common } from './common.ts';
import { jsonObject, literal, mapOf, object, optional, string, union } from './shape.ts';
import type { Schema, SchemasOf } from './shape.ts';

export type InputRequiredSchemas = SchemasOf<{
  ElicitRequest: ElicitRequest;
  CreateMessageRequest: CreateMessageRequest;
  ListRootsRequest: ListRootsRequest;
  InputRequest: InputRequest;
  InputRequests: InputRequests;
  InputResponse: InputResponse;
  InputResponses: InputResponses;
  InputRequiredResult: InputRequiredResult;
  InputResponseRequestParams: InputResponseRequestParams;
}>;

/** What a server may ask for in an `input_required` result, and how it is answered: from 2026-07-28 on. */
export function inputRequiredSchemas(
  { request, result }: Common,
  asked: SchemasOf<{
    ElicitRequestParams: ElicitRequestParams;
    CreateMessageRequestParams: CreateMessageRequestParams;
  }>,
  answers: SchemasOf<{
    ElicitResult: ElicitResult;
    CreateMessageResult: CreateMessageResult;
    ListRootsResult: ListRootsResult;
  }>,
): InputRequiredSchemas {
  const ElicitRequest: Schema<ElicitRequest> = object({
    method: literal('elicitation/create'),
    params: asked.ElicitRequestParams,
  });
  const CreateMessageRequest: Schema<CreateMessageRequest> = object({
    method: literal('sampling/createMessage'),
    params: asked.CreateMessageRequestParams,
  });
  const ListRootsRequest: Schema<ListRootsRequest> = object({
    method: literal('roots/list'),
    params: optional(object<NonNullable<ListRootsRequest['params']>>({ _meta: optional(jsonObject) })),
  });
  const InputRequest = union<InputRequest>(ElicitRequest, CreateMessageRequest, ListRootsRequest);
  const InputResponse = union<InputResponse>(
    answers.CreateMessageResult,
    answers.ListRootsResult,
    answers.ElicitResult,
  );
  const InputRequests: Schema<InputRequests> = mapOf(InputRequest);
  const InputResponses: Schema<InputResponses> = mapOf(InputResponse);
  const InputRequiredResult: Schema<InputRequiredResult> = object<InputRequiredResult>({
    ...result,
    resultType: literal('input_required'),
    inputRequests: optional(InputRequests),
    requestState: optional(string),
  }).check(z.refine((value) => value.inputRequests !== undefined || value.requestState !== undefined));
  return {
    ElicitRequest,
    CreateMessageRequest,
    ListRootsRequest,
    InputRequest,
    InputRequests,
    InputResponse,
    InputResponses,
    InputRequiredResult,
    InputResponseRequestParams: object({
      ...request,
      inputResponses: optional(InputResponses),
      requestState: optional(string),
    }),
  };
}
