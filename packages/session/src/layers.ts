import type { JsonObject } from '@trunkline/protocol';
import type { RequestOptions } from './request-options.ts';

/** One outbound request of a client as its layers see it. */
export interface ClientRequest {
  readonly method: string;
  readonly params: JsonObject;
  readonly options: RequestOptions;
}

/** Makes a request and resolves with its result. */
export type Send = (request: ClientRequest) => Promise<JsonObject>;

/** Wraps every request of a client: sees the request first and the result last. */
export type ClientLayer = (next: Send) => Send;
