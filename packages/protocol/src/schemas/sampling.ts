import { NOVEMBER_2025 } from '../revision/revisions.ts';
import type {
  CreateMessageRequestParams,
  CreateMessageResult,
  ModelHint,
  ModelPreferences,
  SamplingMessage,
  SamplingMessageContentBlock,
  ToolChoice,
  ToolResultContent,
  ToolUseContent,
} from '../sampling.ts';
import type { Common } from './common.ts';
import type { ContentSchemas } from './content.ts';
import {
  fraction,
  integer,
  jsonObject,
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
import { yieldShape } from './tool.ts';
import type { ToolSchemas } from './tool.ts';

type ToolUseTypes = {
  ToolChoice: ToolChoice;
  ToolUseContent: ToolUseContent;
  ToolResultContent: ToolResultContent;
};

export type SamplingSchemas = SchemasOf<{
  ModelHint: ModelHint;
  ModelPreferences: ModelPreferences;
  SamplingMessage: SamplingMessage;
  SamplingMessageContentBlock: SamplingMessageContentBlock;
  CreateMessageRequestParams: CreateMessageRequestParams;
  CreateMessageResult: CreateMessageResult;
}> &
  Partial<SchemasOf<ToolUseTypes>>;

/** Requests to a client's model: with tools, and several pieces of content, from 2025-11-25 on. */
export function samplingSchemas(
  common: Common,
  content: ContentSchemas,
  { Tool }: ToolSchemas,
): SamplingSchemas {
  const { types, asked, since } = common;
  const toolUse = since(NOVEMBER_2025, toolUseSchemas(common, content));
  const SamplingMessageContentBlock = union<SamplingMessageContentBlock>(
    content.TextContent,
    content.ImageContent,
    content.AudioContent,
    toolUse?.ToolUseContent,
    toolUse?.ToolResultContent,
  );
  const said = {
    role: types.Role,
    content: since(NOVEMBER_2025, several(SamplingMessageContentBlock)) ?? SamplingMessageContentBlock,
  };
  const SamplingMessage: Schema<SamplingMessage> = object({
    ...said,
    _meta: since(NOVEMBER_2025, optional(jsonObject)),
  });
  const ModelHint: Schema<ModelHint> = object({ name: optional(string) });
  const ModelPreferences: Schema<ModelPreferences> = object({
    hints: optional(listOf(ModelHint)),
    costPriority: optional(fraction),
    speedPriority: optional(fraction),
    intelligencePriority: optional(fraction),
  });
  const CreateMessageRequestParams: Schema<CreateMessageRequestParams> = object({
    messages: listOf(SamplingMessage),
    modelPreferences: optional(ModelPreferences),
    systemPrompt: optional(string),
    includeContext: optional(oneOf('none', 'thisServer', 'allServers')),
    temperature: optional(number),
    maxTokens: integer,
    stopSequences: optional(listOf(string)),
    metadata: optional(jsonObject),
    tools: since(NOVEMBER_2025, optional(listOf(Tool))),
    toolChoice: toolUse && optional(toolUse.ToolChoice),
    ...asked,
  });
  const CreateMessageResult: Schema<CreateMessageResult> = object({
    ...said,
    model: string,
    stopReason: optional(string),
    _meta: optional(types.ResultMetaObject),
  });
  return {
    ModelHint,
    ModelPreferences,
    SamplingMessage,
    SamplingMessageContentBlock,
    CreateMessageRequestParams,
    CreateMessageResult,
    ...toolUse,
  };
}

function several<T>(block: Schema<T>): Schema<T | T[]> {
  return union<T | T[]>(block, listOf(block));
}

function toolUseSchemas(common: Common, { ContentBlock }: ContentSchemas): SchemasOf<ToolUseTypes> {
  const { open } = common;
  return {
    ToolChoice: object({ mode: optional(oneOf('auto', 'required', 'none')) }),
    ToolUseContent: object({
      type: literal('tool_use'),
      id: string,
      name: string,
      input: jsonObject,
      ...open,
    }),
    ToolResultContent: object({
      type: literal('tool_result'),
      toolUseId: string,
      ...yieldShape(common, ContentBlock),
      ...open,
    }),
  };
}
