import type { InputResponseRequestParams } from '../input-required.ts';
import type {
  GetPromptRequestParams,
  GetPromptResult,
  ListPromptsResult,
  Prompt,
  PromptArgument,
  PromptMessage,
} from '../prompts.ts';
import type { Common, Wire } from './common.ts';
import type { ContentSchemas } from './content.ts';
import { boolean, listOf, mapOf, object, optional, string } from './shape.ts';
import type { Schema, SchemasOf, Shape } from './shape.ts';

export type PromptsSchemas = SchemasOf<{
  PromptArgument: PromptArgument;
  Prompt: Prompt;
  PromptMessage: PromptMessage;
  ListPromptsResult: Wire<ListPromptsResult>;
  GetPromptRequestParams: GetPromptRequestParams;
  GetPromptResult: Wire<GetPromptResult>;
}>;

/** Prompts. */
export function promptsSchemas(
  { types, named, pictured, open, result, page, cached }: Common,
  { ContentBlock }: ContentSchemas,
  repeatable: Shape<InputResponseRequestParams>,
): PromptsSchemas {
  const PromptArgument: Schema<PromptArgument> = object({
    ...named,
    description: optional(string),
    required: optional(boolean),
  });
  const Prompt: Schema<Prompt> = object({
    ...named,
    ...pictured,
    description: optional(string),
    arguments: optional(listOf(PromptArgument)),
    ...open,
  });
  const PromptMessage: Schema<PromptMessage> = object({ role: types.Role, content: ContentBlock });
  return {
    PromptArgument,
    Prompt,
    PromptMessage,
    ListPromptsResult: object({ prompts: listOf(Prompt), ...result, ...page, ...cached }),
    GetPromptRequestParams: object({ name: string, arguments: optional(mapOf(string)), ...repeatable }),
    GetPromptResult: object({ description: optional(string), messages: listOf(PromptMessage), ...result }),
  };
}
