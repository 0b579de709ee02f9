import type { ElicitRequest, ElicitResult } from './elicitation.ts';
import type { RequestParams, Result } from './meta.ts';
import type { ListRootsRequest, ListRootsResult } from './roots.ts';
import type { CreateMessageRequest, CreateMessageResult } from './sampling.ts';

/** One thing that a server needs from the client before it can go on. */
export type InputRequest = ElicitRequest | CreateMessageRequest | ListRootsRequest;

/** What a server needs, under keys of its own choice. */
export type InputRequests = { [key: string]: InputRequest };

/** The answer to one {@link InputRequest}. */
export type InputResponse = ElicitResult | CreateMessageResult | ListRootsResult;

/** The answers, under the keys of the {@link InputRequests}. */
export type InputResponses = { [key: string]: InputResponse };

/**
 * Ends a call that needs more input; the client repeats it with the answers. Carries at least one of the two members.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr
 */
export type InputRequiredResult = Result & {
  resultType: 'input_required';
  inputRequests?: InputRequests;
  /** Opaque to the client, which returns it unchanged. To the server it is untrusted when it comes back. */
  requestState?: string;
};

/** What a repeated request carries besides its params. */
export type InputResponseRequestParams = RequestParams & {
  inputResponses?: InputResponses;
  requestState?: string;
};
