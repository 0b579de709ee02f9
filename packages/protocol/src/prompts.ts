import type { CacheHints } from './caching.ts';
import type { ContentBlock } from './content.ts';
import type { BaseMetadata, Icons, Role } from './implementation.ts';
import type { InputResponseRequestParams } from './input-required.ts';
import type { Meta, Result } from './meta.ts';
import type { PaginatedResult } from './pagination.ts';

/** One argument of a prompt. */
export type PromptArgument = BaseMetadata & {
  description?: string;
  required?: boolean;
};

/** A prompt or a template of one. https://modelcontextprotocol.io/specification/2026-07-28/server/prompts */
export type Prompt = BaseMetadata &
  Icons & {
    description?: string;
    arguments?: PromptArgument[];
    _meta?: Meta;
  };

/** One page of a server's prompts. */
export type ListPromptsResult = PaginatedResult &
  CacheHints & {
    prompts: Prompt[];
  };

/** Asks for a prompt with its arguments filled in. */
export type GetPromptRequestParams = InputResponseRequestParams & {
  name: string;
  arguments?: { [name: string]: string };
};

/** One message of a prompt. */
export type PromptMessage = {
  role: Role;
  content: ContentBlock;
};

/** A prompt, ready for the model. */
export type GetPromptResult = Result & {
  description?: string;
  messages: PromptMessage[];
};
