import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Client, ClientOptions } from '@trunkline/session';
import { stdioClient } from '@trunkline/transport-stdio';
import { expected, type Logbook, type Stop } from '../stop.ts';
import { drive } from './drive.ts';

const PROGRAM = fileURLToPath(new URL('../../repository-server.ts', import.meta.url));

/** How the server is started, after the name of Node itself. */
export const REPOSITORY_SERVER: readonly string[] = [PROGRAM];

/** A user who is asked for a file and names one. */
export const answeringUser: ClientOptions = {
  onElicit: () => ({ action: 'accept', content: { path: 'LICENSE' } }),
};

/** Our server, which serves this repository, driven by our client in both eras. */
export const ownServer: Stop = {
  title: '1. A Trunkline server that serves this repository, driven by the Trunkline client in both eras',
  async *legs() {
    for (const era of ['modern', 'legacy'] as const) {
      yield await drive(
        {
          server: 'repository-server',
          transport: 'stdio',
          dial: stdioClient({ command: process.execPath, args: [...REPOSITORY_SERVER] }),
          options: { eras: [era], ...answeringUser },
        },
        visit,
      );
    }
  },
};

/** Calls everything that the server offers and looks at what comes back. */
export async function visit(client: Client, log: Logbook): Promise<void> {
  const { tools } = await log.note(
    'tools/list',
    () => client.listTools(),
    (list) => list.tools.map(({ name }) => name).join(', '),
  );
  expected(tools.length > 0, 'the server has no tools');

  let reports = 0;
  const listing = await log.note(
    'list_files "server"',
    () => client.callTool('list_files', { containing: 'server' }, { onProgress: () => (reports += 1) }),
    ({ structuredContent }) =>
      `${(structuredContent as { total: number }).total} files, ${reports} progress reports`,
  );
  expected((listing.structuredContent as { total: number }).total > 0, 'no file is named after a server');

  const license = await readFile(fileURLToPath(new URL('../../../../LICENSE', import.meta.url)), 'utf8');
  await log.note(
    'read_file LICENSE',
    () => client.callTool('read_file', { path: 'LICENSE' }),
    ({ content }) => {
      const [first] = content as { text?: string }[];
      expected(first?.text === license, 'what came over the wire is not what is on the disk');
      return `${license.length} characters, the same as on the disk`;
    },
  );

  await log.note(
    'read_file ../../etc/passwd',
    () => client.callTool('read_file', { path: '../../etc/passwd' }),
    ({ isError }) => {
      expected(isError === true, 'a file outside of the repository was read');
      return 'refused, as it should be';
    },
  );

  await log.note(
    'history',
    () => client.callTool('history', { count: 3 }),
    ({ isError, structuredContent }) => {
      if (isError) return 'no history here';
      const { commits } = structuredContent as { commits: { date: string; subject: string }[] };
      return commits.length === 0
        ? 'no commits'
        : `newest: ${commits[0]?.date} ${commits[0]?.subject}`.slice(0, 70);
    },
  );

  await log.note(
    'choose_file (the server asks the user)',
    () => client.callTool('choose_file'),
    ({ content }) => {
      const text = (content as { text?: string }[])[0]?.text ?? '';
      expected(text.startsWith('LICENSE has'), `the answer did not reach the handler: ${text}`);
      return text;
    },
  );

  await log.note(
    'resources/read repo:///README.md',
    () => client.readResource('repo:///README.md'),
    ({ contents }) => {
      expected(contents.length === 1, 'the README is not there');
      return contents[0]?.mimeType ?? 'no type';
    },
  );
  await log.note(
    'prompts/get review',
    () => client.getPrompt('review', { path: 'package.json' }),
    ({ messages }) => `${messages.length} message`,
  );
}
