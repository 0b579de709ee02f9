import type { AudioContent, ContentBlock, ImageContent, TextContent } from './content.ts';
import type { Role } from './implementation.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { Meta, RequestParams, Result } from './meta.ts';
import type { TaskAugmentedRequestParams } from './tasks-legacy.ts';
import type { Tool } from './tool.ts';

/**
 * The model wants a tool called.
 * @deprecated Call the API of a language model directly.
 */
export type ToolUseContent = {
  type: 'tool_use';
  id: string;
  name: string;
  input: JsonObject;
  _meta?: Meta;
};

/**
 * What a tool that the model wanted called has yielded.
 * @deprecated Call the API of a language model directly.
 */
export type ToolResultContent = {
  type: 'tool_result';
  toolUseId: string;
  content: ContentBlock[];
  structuredContent?: JsonValue;
  isError?: boolean;
  _meta?: Meta;
};

/**
 * One piece of a sampling message.
 * @deprecated Call the API of a language model directly.
 */
export type SamplingMessageContentBlock =
  | TextContent
  | ImageContent
  | AudioContent
  | ToolUseContent
  | ToolResultContent;

/**
 * One turn of the conversation that the model continues.
 * @deprecated Call the API of a language model directly.
 */
export type SamplingMessage = {
  role: Role;
  content: SamplingMessageContentBlock | SamplingMessageContentBlock[];
  _meta?: Meta;
};

/**
 * Part of a model's name, to be matched anywhere in it.
 * @deprecated Call the API of a language model directly.
 */
export type ModelHint = {
  name?: string;
};

/**
 * What matters in choosing a model; every priority is between 0 and 1.
 * @deprecated Call the API of a language model directly.
 */
export type ModelPreferences = {
  /** Tried in order. */
  hints?: ModelHint[];
  costPriority?: number;
  speedPriority?: number;
  intelligencePriority?: number;
};

/**
 * Whether the model may, must or must not use tools.
 * @deprecated Call the API of a language model directly.
 */
export type ToolChoice = {
  mode?: 'auto' | 'required' | 'none';
};

/**
 * Asks a client to run its model.
 * @deprecated Call the API of a language model directly.
 */
export type CreateMessageRequestParams = RequestParams &
  TaskAugmentedRequestParams & {
    messages: SamplingMessage[];
    modelPreferences?: ModelPreferences;
    systemPrompt?: string;
    /** @deprecated Leave it out: put what the model needs into `messages`. */
    includeContext?: 'none' | 'thisServer' | 'allServers';
    temperature?: number;
    /** Binding, unlike the rest, which a client may change. */
    maxTokens: number;
    stopSequences?: string[];
    metadata?: JsonObject;
    /** Needs the client's `sampling.tools`. */
    tools?: Tool[];
    toolChoice?: ToolChoice;
  };

/**
 * Asks a client to run its model.
 * @deprecated Call the API of a language model directly.
 */
export type CreateMessageRequest = {
  method: 'sampling/createMessage';
  params: CreateMessageRequestParams;
};

/**
 * What the model said.
 * @deprecated Call the API of a language model directly.
 */
export type CreateMessageResult = Result & {
  role: Role;
  content: SamplingMessageContentBlock | SamplingMessageContentBlock[];
  model: string;
  /** `endTurn`, `stopSequence`, `maxTokens`, `toolUse`, or what the provider says. */
  stopReason?: string;
};
