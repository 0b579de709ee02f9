import {
  invalidParams,
  isJsonObject,
  type ContentBlock,
  type GetPromptResult,
  type JsonObject,
  type Prompt,
  type PromptArgument,
  type PromptMessage,
} from '@trunkline/protocol';
import { completersOf, enumerated, type Completer } from './completion.ts';
import { badResult, isContentBlock, isInputRequired, textContent } from './content.ts';
import type { Context } from './context.ts';
import { checkName, pick, type Details } from './details.ts';
import { accessOf, type Access, type Offer, type Run } from './offer.ts';
import { issueText } from './schema/issues.ts';
import type { Validator } from './schema/json-validator.ts';
import { toObjectSchema, type Checked, type Schema } from './schema/schema.ts';
import type { AnySchema, InputOf, OutputOf } from './schema/types.ts';
import { isThenable } from './settle.ts';
import type { NoArguments } from './tool.ts';

/** What a prompt takes. */
export interface PromptOptions<Arguments extends AnySchema = AnySchema> extends Details, Access {
  /** The schema of the arguments, one of objects. On the wire each is a text. Without it the prompt takes none. */
  readonly arguments?: Arguments;
  /** Suggests values for arguments. Those that are an enumeration of texts suggest themselves. */
  readonly complete?: { readonly [Name in keyof InputOf<Arguments> & string]?: Completer };
}

/** What filling in a prompt may yield: a text or a block for the user to say, messages, or the whole result. */
export type PromptReturn = string | ContentBlock | PromptMessage | PromptMessage[] | GetPromptResult;

/** Fills in a prompt. */
export type PromptHandler<Arguments extends AnySchema = NoArguments, Values = undefined> = (
  args: OutputOf<Arguments>,
  context: Context<Values>,
) => PromptReturn | Promise<PromptReturn>;

/** What may be changed of a prompt while it is offered. */
export const PROMPT_DETAILS = ['title', 'description', 'icons', '_meta'] as const;

/** Converts and compiles what a prompt's author wrote; throws a `DefinitionError` if it cannot be offered. */
export function definePrompt(
  name: string,
  options: PromptOptions,
  handler: (args: never, context: never) => unknown,
  validator: Validator | undefined,
): Offer<Prompt, JsonObject> {
  checkName('prompt', name);
  const schema =
    options.arguments &&
    toObjectSchema(options.arguments, { side: 'input', subject: `prompt "${name}", arguments`, validator });
  const listed = {
    name,
    ...pick(options, PROMPT_DETAILS),
    ...(schema && { arguments: argumentsOf(schema.json) }),
  } as Prompt;
  const properties = isJsonObject(schema?.json['properties']) ? schema.json['properties'] : {};
  const complete = completersOf(
    Object.keys(properties),
    options.complete,
    (argument) => enumerated(properties[argument]),
    `prompt "${name}"`,
  );
  return { listed, run: runner(schema, handler as Handle), ...accessOf(options), complete };
}

type Handle = (args: unknown, context: Context<unknown>) => unknown;

function runner(schema: Schema | undefined, handler: Handle): Run<Prompt, JsonObject> {
  const proceed = (listed: Prompt, checked: Checked, context: Context<unknown>): unknown => {
    if (checked.issues)
      throw invalidParams(`Invalid arguments for prompt ${listed.name}:\n${issueText(checked.issues)}`);
    const returned = handler(checked.value, context);
    return isThenable(returned)
      ? returned.then((value) => promptResult(value, listed))
      : promptResult(returned, listed);
  };
  return (listed, args, context) => {
    const checked = schema ? schema.check(args) : { value: {} };
    return isThenable(checked)
      ? checked.then((settled) => proceed(listed, settled, context))
      : proceed(listed, checked, context);
  };
}

/** The arguments of a prompt as clients list them, from the properties of their schema. */
function argumentsOf({ properties, required }: JsonObject): PromptArgument[] {
  if (!isJsonObject(properties)) return [];
  const needed = new Set(Array.isArray(required) ? required : []);
  return Object.entries(properties).map(([name, property]) => ({
    name,
    ...(isJsonObject(property) && pick(property, ['title', 'description'])),
    ...(needed.has(name) && { required: true }),
  }));
}

function promptResult(value: unknown, { name, description }: Prompt): JsonObject {
  const messages = messagesOf(value);
  if (messages) return { ...(description !== undefined && { description }), messages };
  if (isInputRequired(value) || (isJsonObject(value) && areMessages(value['messages']))) return value;
  throw badResult(value, `prompt "${name}"`);
}

function messagesOf(value: unknown): JsonObject[] | undefined {
  if (typeof value === 'string') return [{ role: 'user', content: textContent(value) }];
  if (isContentBlock(value)) return [{ role: 'user', content: value }];
  if (isMessage(value)) return [value];
  return areMessages(value) ? value : undefined;
}

function areMessages(value: unknown): value is JsonObject[] {
  return Array.isArray(value) && value.every(isMessage);
}

function isMessage(value: unknown): value is JsonObject {
  return (
    isJsonObject(value) &&
    (value['role'] === 'user' || value['role'] === 'assistant') &&
    isContentBlock(value['content'])
  );
}
