import {
  findMirroredParams,
  invalidParams,
  type ListToolsResult,
  type MirroredParam,
} from '@trunkline/protocol';
import { Server } from '@trunkline/session';
import { askingTools } from './asking-tools.ts';
import { basicTools } from './basic-tools.ts';
import { addPrompts } from './prompts.ts';
import { addResources } from './resources.ts';
import { schemaTools } from './schema-tools.ts';
import { text, tool } from './tool.ts';

/** The server that the official suite drives: every feature, in both eras. */
export function everythingServer(): Server {
  const mirrored = new Map<string, readonly MirroredParam[]>();
  const server = new Server(
    { name: 'trunkline-everything-server', version: '1.0.0' },
    {
      capabilities: {
        tools: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        prompts: { listChanged: true },
        logging: {},
        completions: {},
      },
      mirrorOf: (name) => mirrored.get(name),
    },
  );
  const tools = [
    ...basicTools,
    ...askingTools,
    ...schemaTools,
    trigger(server, 'tools'),
    trigger(server, 'prompts'),
  ];
  for (const { definition } of tools) {
    const params = findMirroredParams(definition.inputSchema);
    if (typeof params !== 'string') mirrored.set(definition.name, params);
  }
  const byName = new Map(tools.map((entry) => [entry.definition.name, entry]));
  server.handle('tools/list', (): ListToolsResult => ({ tools: tools.map(({ definition }) => definition) }));
  server.handle('tools/call', ({ name, arguments: args = {} }, context) => {
    const entry = byName.get(name);
    if (!entry) throw invalidParams(`Unknown tool: ${name}`);
    return entry.call(args, context);
  });
  addResources(server);
  addPrompts(server);
  return server;
}

function trigger(server: Server, kind: 'tools' | 'prompts'): ReturnType<typeof tool> {
  const name = `test_trigger_${kind === 'tools' ? 'tool' : 'prompt'}_change`;
  return tool(name, `Tells everyone that the ${kind} changed`, () => {
    server.changed({ kind });
    return text(`told that the ${kind} changed`);
  });
}
