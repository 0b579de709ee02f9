import { createServer, type FastServer } from '@trunkline/server-fast';
import { serveIfMain } from '../serve-if-main.ts';

const issues = new Map([
  ['engine/7', 'It leaks.'],
  ['notes/1', 'Typo.'],
]);

/** Resources by the hundred, one handler: templates with typed variables, and what completes them. */
export const server: FastServer = createServer({ name: 'issues', version: '1.0.0' })
  .resourceTemplate(
    'issue',
    'issue://{repo}/{number}{?upper}',
    {
      complete: {
        repo: ['engine', 'notes'],
        number: (_value, { repo = '' }) =>
          [...issues.keys()]
            .filter((key) => key.startsWith(`${repo}/`))
            .map((key) => key.slice(repo.length + 1)),
      },
    },
    ({ repo, number, upper }) => {
      const text = issues.get(`${repo}/${number}`);
      return upper === undefined ? text : text?.toUpperCase();
    },
  )
  .prompt(
    'review',
    { arguments: { type: 'object', properties: { tone: { enum: ['kind', 'strict'] } }, required: ['tone'] } },
    ({ tone }) => `Review the issues in a ${tone} tone.`,
  );

await serveIfMain(import.meta.url, server);
