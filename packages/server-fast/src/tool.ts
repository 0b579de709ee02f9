import {
  findMirroredParams,
  type CallToolResult,
  type JsonObject,
  type MirroredParam,
  type Tool,
  type ToolAnnotations,
} from '@trunkline/protocol';
import { textContent } from './content.ts';
import type { Context } from './context.ts';
import { DefinitionError } from './definition-error.ts';
import { checkName, pick, type Details } from './details.ts';
import { accessOf, type Access, type Offer, type Run } from './offer.ts';
import { issueText } from './schema/issues.ts';
import type { Validator } from './schema/json-validator.ts';
import { toObjectSchema, toSchema, type Checked, type Schema } from './schema/schema.ts';
import type { AnySchema, InputOf, OutputOf } from './schema/types.ts';
import { isThenable } from './settle.ts';
import { collect, isStream, type StreamPart } from './stream-result.ts';
import { failedResult, streamedResult, structuredResult, toolResult } from './tool-result.ts';

/** What clients show of a tool, and hints on how it behaves. */
export interface ToolDetails extends Details {
  /** Untrusted by clients unless they trust the server. */
  readonly annotations?: ToolAnnotations;
}

/** What a tool takes and yields. */
export interface ToolOptions<
  Input extends AnySchema = AnySchema,
  Output extends AnySchema | undefined = AnySchema | undefined,
>
  extends ToolDetails, Access {
  /** The schema of the arguments, one of objects. Without it the tool takes none. */
  readonly input?: Input;
  /** The schema of what the handler returns; clients get the value as `structuredContent`. */
  readonly output?: Output;
}

/** The schema of a tool without arguments. */
export interface NoArguments {
  readonly type: 'object';
  readonly properties: {};
}

/**
 * Does what a tool is for. Without an output schema it returns a text, content blocks, a whole result, or any other JSON;
 * with one it returns what the schema describes, or a whole result. An `async function*` yields its content bit by bit, each
 * part is reported as progress; with an output schema it returns what the schema describes. A `ToolError` is for the model to read; what else is
 * thrown reaches only the server's `onError`.
 */
export type ToolHandler<Input extends AnySchema, Output extends AnySchema | undefined, Values = undefined> = (
  args: OutputOf<Input>,
  context: Context<Values>,
) => ToolReturn<Output> | Promise<ToolReturn<Output>>;

/** What the handler of a tool may return. */
export type ToolReturn<Output extends AnySchema | undefined> =
  | CallToolResult
  | AsyncGenerator<StreamPart, CallToolResult | ([Output] extends [AnySchema] ? InputOf<Output> : void)>
  | ([Output] extends [AnySchema] ? InputOf<Output> : Returnable);

/** Everything but `undefined`, `void` and a promise of them. */
type Returnable = string | number | boolean | null | (object & { readonly then?: never });

/** The types of one tool as a client sees them. */
export interface ToolTypes<Input extends AnySchema, Output extends AnySchema | undefined> {
  readonly args: InputOf<Input>;
  readonly result: [Output] extends [AnySchema] ? OutputOf<Output> : unknown;
}

/** What may be changed of a tool while it is offered. */
export const TOOL_DETAILS = ['title', 'description', 'icons', 'annotations', '_meta'] as const;

/** Converts and compiles what a tool's author wrote; throws a `DefinitionError` if it cannot be offered. */
export function defineTool(
  name: string,
  options: ToolOptions,
  handler: (args: never, context: never) => unknown,
  validator: Validator | undefined,
): Offer<Tool, JsonObject> {
  checkName('tool', name);
  const use = (side: 'input' | 'output') => ({ side, subject: `tool "${name}", ${side}`, validator });
  const input = options.input ? toObjectSchema(options.input, use('input')) : NO_ARGUMENTS;
  const output = options.output && toSchema(options.output, use('output'));
  const listed = {
    name,
    ...pick(options, TOOL_DETAILS),
    inputSchema: input.json,
    ...(output && { outputSchema: output.json }),
  } as Tool;
  return {
    listed,
    run: runner(input, output, handler as Handle),
    ...accessOf(options),
    mirrored: mirroredIn(name, input.json),
  };
}

/** Clients hide a tool whose marks are defective, so it is refused here. */
function mirroredIn(name: string, schema: JsonObject): readonly MirroredParam[] | undefined {
  const mirrored = findMirroredParams(schema);
  if (typeof mirrored === 'string')
    throw new DefinitionError('bad-schema', `tool "${name}", input: ${mirrored}`);
  return mirrored.length > 0 ? mirrored : undefined;
}

type Handle = (args: unknown, context: Context<unknown>) => unknown;

const NO_ARGUMENTS: Schema = {
  json: { type: 'object', additionalProperties: false },
  check: (value) => {
    const issues = Object.keys(value as object).map((name) => ({ path: [name], message: 'is not allowed' }));
    return issues.length > 0 ? { issues } : { value };
  },
};

function runner(input: Schema, output: Schema | undefined, handler: Handle): Run<Tool, JsonObject> {
  const finish = (listed: Tool, value: unknown, context: Context<unknown>): unknown => {
    const subject = `tool "${listed.name}"`;
    if (isStream(value))
      return collect(value, context, subject).then(
        (streamed) => streamedResult(streamed, output, subject),
        failedResult,
      );
    return output ? structuredResult(value, output, subject) : toolResult(value, subject);
  };
  const proceed = (listed: Tool, checked: Checked, context: Context<unknown>): unknown => {
    if (checked.issues) return refusedArguments(listed.name, checked.issues);
    let returned: unknown;
    try {
      returned = handler(checked.value, context);
    } catch (error) {
      return failedResult(error);
    }
    return isThenable(returned)
      ? returned.then((value) => finish(listed, value, context), failedResult)
      : finish(listed, returned, context);
  };
  return (listed, args, context) => {
    const checked = input.check(args);
    return isThenable(checked)
      ? checked.then((settled) => proceed(listed, settled, context))
      : proceed(listed, checked, context);
  };
}

/** A model can correct its arguments, so it is told. https://modelcontextprotocol.io/specification/2026-07-28/server/tools#error-handling */
function refusedArguments(name: string, issues: NonNullable<Checked['issues']>): CallToolResult {
  return { content: [textContent(`Invalid arguments for ${name}:\n${issueText(issues)}`)], isError: true };
}
