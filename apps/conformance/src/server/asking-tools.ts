import type { ElicitRequestParams, JsonObject, JsonValue } from '@trunkline/protocol';
import type { Context } from '@trunkline/session';
import { text, tool, type FixtureTool } from './tool.ts';

const userName = form('What is your name?', { name: { type: 'string' } });

/** Tools that ask the client something while they run. */
export const askingTools: readonly FixtureTool[] = [
  tool(
    'test_sampling',
    'Asks the client for a completion',
    async ({ prompt }, context) => {
      const answer = await sample(context, word(prompt));
      return text(`LLM response: ${answer}`);
    },
    { prompt: { type: 'string' } },
  ),
  tool(
    'test_elicitation',
    'Asks the user',
    async ({ message }, context) => {
      const asked = form(word(message), { username: { type: 'string' }, email: { type: 'string' } });
      return text(`User response: ${JSON.stringify(await context.ask.elicit(asked))}`);
    },
    { message: { type: 'string' } },
  ),
  tool('test_elicitation_sep1034_defaults', 'Asks the user with defaults', async (_args, context) => {
    const { action, content } = await context.ask.elicit(
      form(
        'Check these values',
        {
          name: { type: 'string', default: 'John Doe' },
          age: { type: 'integer', default: 30 },
          score: { type: 'number', default: 95.5 },
          status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
          verified: { type: 'boolean', default: true },
        },
        [],
      ),
    );
    return text(`Elicitation completed: action=${action}, content=${JSON.stringify(content)}`);
  }),
  tool('test_elicitation_sep1330_enums', 'Asks the user to choose', async (_args, context) => {
    const choices = ['value1', 'value2', 'value3'].map((value, index) => ({
      const: value,
      title: `Option ${index + 1}`,
    }));
    const { action, content } = await context.ask.elicit(
      form(
        'Choose',
        {
          untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
          titledSingle: { type: 'string', oneOf: choices },
          legacyEnum: {
            type: 'string',
            enum: ['opt1', 'opt2', 'opt3'],
            enumNames: ['Option 1', 'Option 2', 'Option 3'],
          },
          untitledMulti: {
            type: 'array',
            items: { type: 'string', enum: ['option1', 'option2', 'option3'] },
          },
          titledMulti: { type: 'array', items: { anyOf: choices } },
        },
        [],
      ),
    );
    return text(`Elicitation completed: action=${action}, content=${JSON.stringify(content)}`);
  }),
  tool('test_missing_capability', 'Needs sampling', async (_args, context) =>
    text(await sample(context, 'anything')),
  ),
  tool('test_streaming_elicitation', 'Asks without a request of its own', async (_args, context) => {
    const { content } = await context.ask.elicit(userName, { key: 'user_name' });
    return text(`Hello, ${String(content?.['name'])}!`);
  }),
  tool('test_input_required_result_elicitation', 'Asks for a name', async (_args, context) =>
    text(`Hello, ${await nameOf(context)}!`),
  ),
  tool('test_input_required_result_sampling', 'Asks the model', async (_args, context) => {
    return text(
      `The model said: ${await sample(context, 'What is the capital of France?', 'capital_question')}`,
    );
  }),
  tool('test_input_required_result_list_roots', 'Asks for the roots', async (_args, context) => {
    const { roots } = await context.ask.roots({ key: 'client_roots' });
    return text(`Roots: ${roots.map(({ uri }) => uri).join(', ')}`);
  }),
  tool('test_input_required_result_request_state', 'Asks for a confirmation', confirm),
  tool('test_input_required_result_tampered_state', 'Asks for a confirmation', confirm),
  tool(
    'test_input_required_result_multiple_inputs',
    'Asks for everything at once',
    async (_args, context) => {
      const [name, greeting, roots] = await Promise.all([
        nameOf(context),
        sample(context, 'Write a greeting', 'greeting'),
        context.ask.roots({ key: 'client_roots' }),
      ]);
      return text(`${greeting}, ${name}, in ${roots.roots.length} roots`);
    },
  ),
  tool('test_input_required_result_multi_round', 'Asks twice', async (_args, context) => {
    const first = await context.ask.elicit(form('Step 1: your name?', { name: { type: 'string' } }), {
      key: 'step1',
    });
    const second = await context.ask.elicit(form('Step 2: your color?', { color: { type: 'string' } }), {
      key: 'step2',
    });
    return text(`${String(first.content?.['name'])} likes ${String(second.content?.['color'])}`);
  }),
  tool(
    'test_input_required_result_capabilities',
    'Asks only what the client can answer',
    async (_args, context) => {
      const { elicitation, sampling } = context.clientCapabilities;
      if (sampling) return text(await sample(context, 'Anything', 'model'));
      return text(elicitation ? await nameOf(context) : 'There is nobody to ask');
    },
  ),
];

async function confirm(_args: JsonObject, context: Context): Promise<ReturnType<typeof text>> {
  const { content } = await context.ask.elicit(form('Go on?', { ok: { type: 'boolean' } }), {
    key: 'confirm',
  });
  return text(content?.['ok'] === true ? 'state-ok' : 'state-ok, but declined');
}

async function nameOf(context: Context): Promise<string> {
  const { content } = await context.ask.elicit(userName, { key: 'user_name' });
  return String(content?.['name']);
}

async function sample(context: Context, prompt: string, key?: string): Promise<string> {
  const { content } = await context.ask.sample(
    { messages: [{ role: 'user', content: { type: 'text', text: prompt } }], maxTokens: 100 },
    key === undefined ? {} : { key },
  );
  const [first] = Array.isArray(content) ? content : [content];
  return first?.type === 'text' ? first.text : 'something that is no text';
}

/** A text argument; what is none counts as empty. */
function word(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** A form of which every field is required unless said. */
function form(
  message: string,
  properties: JsonObject,
  required: string[] = Object.keys(properties),
): ElicitRequestParams {
  return { message, requestedSchema: { type: 'object', properties, required } } as ElicitRequestParams;
}
