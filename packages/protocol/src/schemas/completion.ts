import * as z from 'zod/mini';
import type {
  CompleteRequestParams,
  CompleteResult,
  PromptReference,
  ResourceTemplateReference,
} from '../completion.ts';
import { JULY_2026, JUNE_2025 } from '../revision/revisions.ts';
import type { Common, Wire } from './common.ts';
import { boolean, integer, listOf, literal, mapOf, object, optional, string, union } from './shape.ts';
import type { Schema, SchemasOf } from './shape.ts';

export type CompletionSchemas = SchemasOf<{
  PromptReference: PromptReference;
  ResourceTemplateReference: ResourceTemplateReference;
  CompleteRequestParams: CompleteRequestParams;
  CompleteResult: Wire<CompleteResult>;
}>;

/** Completion of arguments: with those already settled from 2025-06-18 on. */
export function completionSchemas({ named, request, result, since }: Common): CompletionSchemas {
  const PromptReference: Schema<PromptReference> = object({ type: literal('ref/prompt'), ...named });
  const ResourceTemplateReference: Schema<ResourceTemplateReference> = object({
    type: literal('ref/resource'),
    uri: string,
  });
  const settled = object<NonNullable<CompleteRequestParams['context']>>({
    arguments: optional(mapOf(string)),
  });
  const values = listOf(string);
  return {
    PromptReference,
    ResourceTemplateReference,
    CompleteRequestParams: object({
      ref: union<CompleteRequestParams['ref']>(PromptReference, ResourceTemplateReference),
      argument: object<CompleteRequestParams['argument']>({ name: string, value: string }),
      context: since(JUNE_2025, optional(settled)),
      ...request,
    }),
    CompleteResult: object({
      completion: object<CompleteResult['completion']>({
        values: since(JULY_2026, values.check(z.maxLength(100))) ?? values,
        total: optional(integer),
        hasMore: optional(boolean),
      }),
      ...result,
    }),
  };
}
