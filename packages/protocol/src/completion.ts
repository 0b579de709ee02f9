import type { RequestParams, Result } from './meta.ts';

/** Names a prompt. */
export type PromptReference = {
  type: 'ref/prompt';
  name: string;
  title?: string;
};

/** Names a resource template by its URI template. */
export type ResourceTemplateReference = {
  type: 'ref/resource';
  uri: string;
};

/** Asks what the user may be about to write. https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/completion */
export type CompleteRequestParams = RequestParams & {
  ref: PromptReference | ResourceTemplateReference;
  /** The argument being written, so far. */
  argument: { name: string; value: string };
  /** What is already settled. */
  context?: { arguments?: { [name: string]: string } };
};

/** What the user may be about to write. */
export type CompleteResult = Result & {
  completion: {
    /** Best first, at most 100. */
    values: string[];
    /** How many there are in all, including those left out. */
    total?: number;
    hasMore?: boolean;
  };
};
