import type { Client, ClientOptions } from '@trunkline/session';
import { during, type Visit } from './visit.ts';

/** One scenario of the suite: what the client does in it. */
export type Scenario = (visit: Visit) => Promise<void>;

/** Answers everything that a server may ask, so that every capability is declared. */
const forthcoming: ClientOptions = {
  onElicit: () => ({ action: 'accept', content: { confirmed: true } }),
  onSample: () => ({ role: 'assistant', model: 'none', content: { type: 'text', text: 'Paris' } }),
  roots: [{ uri: 'file:///', name: 'root' }],
};

/** The scenarios that are not about authorization, by name. */
export const scenarios: ReadonlyMap<string, Scenario> = new Map<string, Scenario>([
  ['initialize', (visit) => during(visit, list)],
  [
    'tools_call',
    (visit) =>
      during(visit, async (client) => {
        await list(client);
        await client.callTool('add_numbers', { a: 5, b: 3 });
      }),
  ],
  [
    'elicitation-sep1034-client-defaults',
    (visit) =>
      during(
        visit,
        async (client) => {
          await client.callTool('test_client_elicitation_defaults');
        },
        { onElicit: () => ({ action: 'accept', content: {} }) },
      ),
  ],
  [
    'sse-retry',
    (visit) =>
      during(visit, async (client) => {
        await list(client);
        await client.callTool('test_reconnection');
      }),
  ],
  ['request-metadata', (visit) => during(visit, list, forthcoming)],
  [
    'sep-2322-client-request-state',
    (visit) =>
      during(
        visit,
        async (client) => {
          for (const name of [
            'test_mrtr_echo_state',
            'test_mrtr_unrelated',
            'test_mrtr_no_state',
            'test_mrtr_no_result_type',
          ]) {
            await client.callTool(name);
          }
        },
        forthcoming,
      ),
  ],
  ['http-standard-headers', (visit) => during(visit, everything)],
  [
    'http-custom-headers',
    (visit) =>
      during(visit, async (client) => {
        await list(client);
        for (const { name, arguments: args } of visit.context['toolCalls'] as {
          name: string;
          arguments: object;
        }[]) {
          await client.callTool(name, args);
        }
      }),
  ],
  [
    'http-invalid-tool-headers',
    (visit) =>
      during(visit, async (client) => {
        for (const { name } of (await client.listTools()).tools)
          await client.callTool(name, { region: 'us-west1' });
      }),
  ],
  ['json-schema-ref-no-deref', (visit) => during(visit, list)],
  [
    'json-schema-2020-12-preservation',
    (visit) =>
      during(visit, async (client) => {
        const { tools } = await client.listTools();
        const schema = tools.find(({ name }) => name === 'json_schema_2020_12_tool')?.inputSchema;
        await client.callTool('json_schema_echo', { schema });
      }),
  ],
]);

async function list(client: Client): Promise<void> {
  await client.listTools();
}

async function everything(client: Client): Promise<void> {
  for (const { name } of (await client.listTools()).tools) await client.callTool(name);
  for (const { uri } of (await client.listResources()).resources) await client.readResource(uri);
  for (const { name } of (await client.listPrompts()).prompts) await client.getPrompt(name);
}
