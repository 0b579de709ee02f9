import { fileURLToPath } from 'node:url';
import { createServer, serve, ToolError } from '@trunkline/server-fast';
import { http } from '@trunkline/transport-http/node';
import { sse } from '@trunkline/transport-sse/node';
import { stdio } from '@trunkline/transport-stdio';
import { ws } from '@trunkline/transport-ws/node';
import * as z from 'zod';
import { openRepository } from './src/repository.ts';

const repository = openRepository(fileURLToPath(new URL('../..', import.meta.url)));

/** Serves this repository: its files, its history, and a prompt to review a file. */
const server = createServer({
  name: 'repository-server',
  version: '1.0.0',
  instructions: 'Serves the repository that Trunkline lives in. Paths are relative to its root.',
})
  .tool(
    'list_files',
    {
      description: 'Lists the files whose path contains a text.',
      input: z.object({ containing: z.string().describe('Part of the path; empty for all').default('') }),
      output: z.object({ files: z.array(z.string()), total: z.number().int() }),
      annotations: { readOnlyHint: true },
    },
    async ({ containing }, context) => {
      const files = await repository.files(context.signal, (count) => void context.progress(count));
      const matching = files.filter((path) => path.includes(containing));
      return { files: matching.slice(0, 100), total: matching.length };
    },
  )
  .tool(
    'read_file',
    {
      description: 'Reads a text file.',
      input: z.object({ path: z.string().describe('Relative to the root') }),
      annotations: { readOnlyHint: true },
    },
    async ({ path }) => {
      try {
        return await repository.read(path);
      } catch (error) {
        throw new ToolError(error instanceof Error ? error.message : String(error));
      }
    },
  )
  .tool(
    'history',
    {
      description: 'Lists the newest commits.',
      input: z.object({ count: z.number().int().min(1).max(100).default(5) }),
      output: z.object({
        commits: z.array(z.object({ id: z.string(), date: z.string(), subject: z.string() })),
      }),
      annotations: { readOnlyHint: true },
    },
    async ({ count }, context) => {
      try {
        return { commits: await repository.history(count, context.signal) };
      } catch {
        throw new ToolError('git is not there, or this folder has no history');
      }
    },
  )
  .tool(
    'choose_file',
    {
      description: 'Asks the user which file to read, and reads it.',
      input: z.object({}),
      annotations: { readOnlyHint: true },
    },
    async (_args, context) => {
      const answer = await context.ask.elicit({
        message: 'Which file shall I read?',
        requestedSchema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
      });
      if (answer.action !== 'accept') return 'The user chose none.';
      const text = await repository.read(String(answer.content?.['path']));
      return `${String(answer.content?.['path'])} has ${text.split('\n').length} lines.`;
    },
  )
  .resource('readme', 'repo:///README.md', { title: 'The README', mimeType: 'text/markdown' }, async () =>
    repository.read('README.md'),
  )
  .prompt(
    'review',
    { description: 'Asks a model to review a file.', arguments: z.object({ path: z.string() }) },
    async ({ path }) => `Review this file and name its weakest spot.\n\n${await repository.read(path)}`,
  );

if (process.argv.includes('--port')) {
  // One port for every client there is: Streamable HTTP, the older HTTP+SSE, and WebSocket.
  const { addresses } = await serve(server, http({ port: 0, with: [sse(), ws()] }));
  process.stdout.write(`${addresses.join('\n')}\n`);
} else {
  await serve(server, stdio());
}
