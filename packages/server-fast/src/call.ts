import type { JsonObject, Prompt, Resource, ResourceTemplate, Tool } from '@trunkline/protocol';
import type { Context } from './context.ts';

interface AnyCall {
  /** The name of the tool or prompt, the address of the resource. */
  readonly name: string;
  readonly tags: readonly string[];
  readonly context: Context<unknown>;
}

/** A tool is called. */
export interface ToolCall extends AnyCall {
  readonly kind: 'tool';
  readonly definition: Tool;
  /** What the caller sent; not validated yet. */
  readonly args: JsonObject;
}

/** A resource is read. */
export interface ResourceCall extends AnyCall {
  readonly kind: 'resource';
  readonly definition: Resource | ResourceTemplate;
  readonly args: { readonly uri: string };
}

/** A prompt is filled in. */
export interface PromptCall extends AnyCall {
  readonly kind: 'prompt';
  readonly definition: Prompt;
  /** What the caller sent; not validated yet. */
  readonly args: JsonObject;
}

/** One call of something that a server offers. */
export type Call = ToolCall | ResourceCall | PromptCall;

/** Goes on with a call, with other arguments if some are given; resolves with its result. */
export type Next = (args?: JsonObject) => Promise<JsonObject>;

/**
 * Wraps every call of a tool, a resource or a prompt, inside the middleware that was added before. What it throws is treated
 * as if the handler had thrown it. In the modern era it runs again with the handler when a question was answered.
 */
export type Middleware = (call: Call, next: Next) => JsonObject | Promise<JsonObject>;
