import {
  invalidParams,
  type GetPromptResult,
  type ListPromptsResult,
  type Prompt,
  type PromptMessage,
} from '@trunkline/protocol';
import type { Context, Server } from '@trunkline/session';
import { PNG } from './media.ts';

interface FixturePrompt {
  readonly definition: Prompt;
  readonly messages: (
    args: Record<string, string>,
    context: Context,
  ) => PromptMessage[] | Promise<PromptMessage[]>;
}

const PROMPTS: readonly FixturePrompt[] = [
  {
    definition: { name: 'test_simple_prompt', description: 'A prompt without arguments' },
    messages: () => [user({ type: 'text', text: 'This is a simple prompt for testing.' })],
  },
  {
    definition: {
      name: 'test_prompt_with_arguments',
      description: 'A prompt with arguments',
      arguments: [
        { name: 'arg1', description: 'The first', required: true },
        { name: 'arg2', description: 'The second', required: true },
      ],
    },
    messages: ({ arg1, arg2 }) => [
      user({ type: 'text', text: `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'` }),
    ],
  },
  {
    definition: {
      name: 'test_prompt_with_embedded_resource',
      description: 'A prompt with a resource',
      arguments: [{ name: 'resourceUri', description: 'Which one', required: true }],
    },
    messages: ({ resourceUri = '' }) => [
      user({
        type: 'resource',
        resource: {
          uri: resourceUri,
          mimeType: 'text/plain',
          text: 'Embedded resource content for testing.',
        },
      }),
      user({ type: 'text', text: 'Please process the embedded resource above.' }),
    ],
  },
  {
    definition: { name: 'test_prompt_with_image', description: 'A prompt with a picture' },
    messages: () => [
      user({ type: 'image', data: PNG, mimeType: 'image/png' }),
      user({ type: 'text', text: 'Please analyze the image above.' }),
    ],
  },
  {
    definition: {
      name: 'test_input_required_result_prompt',
      description: 'A prompt that asks the user first',
    },
    async messages(_args, context) {
      const { content } = await context.ask.elicit(
        {
          message: 'What is this about?',
          requestedSchema: {
            type: 'object',
            properties: { context: { type: 'string' } },
            required: ['context'],
          },
        },
        { key: 'user_context' },
      );
      return [user({ type: 'text', text: `Context: ${String(content?.['context'])}` })];
    },
  },
];

/** Adds the fixture's prompts. */
export function addPrompts(server: Server): void {
  const byName = new Map(PROMPTS.map((prompt) => [prompt.definition.name, prompt]));
  server.handle('prompts/list', (): ListPromptsResult => ({
    prompts: PROMPTS.map(({ definition }) => definition),
  }));
  server.handle('prompts/get', async ({ name, arguments: args = {} }, context): Promise<GetPromptResult> => {
    const prompt = byName.get(name);
    if (!prompt) throw invalidParams(`Unknown prompt: ${name}`);
    const missing = prompt.definition.arguments?.find(
      (argument) => argument.required && args[argument.name] === undefined,
    );
    if (missing) throw invalidParams(`The prompt ${name} lacks its argument ${missing.name}`);
    return { messages: await prompt.messages(args, context) };
  });
  server.handle('completion/complete', ({ argument }) => ({
    completion: {
      values: ['paris', 'park', 'party'].filter((value) => value.startsWith(argument.value)),
      hasMore: false,
    },
  }));
}

function user(content: PromptMessage['content']): PromptMessage {
  return { role: 'user', content };
}
