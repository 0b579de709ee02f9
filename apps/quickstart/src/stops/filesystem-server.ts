import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stdioClient } from '@trunkline/transport-stdio';
import { expected, type Stop } from '../stop.ts';
import { drive } from './drive.ts';

const ROOT = fileURLToPath(new URL('../../../../docs', import.meta.url));

/** The published file system server, which others wrote, driven by our client. */
export const filesystemServer: Stop = {
  title: '3. The published @modelcontextprotocol/server-filesystem, driven by the Trunkline client',
  async *legs() {
    yield await drive(
      {
        server: 'server-filesystem',
        transport: 'stdio',
        dial: stdioClient({
          command: process.execPath,
          args: [programOf('@modelcontextprotocol/server-filesystem'), ROOT],
        }),
        options: {},
      },
      async (client, log) => {
        const { tools } = await log.note(
          'tools/list',
          () => client.listTools(),
          (list) => `${list.tools.length} tools`,
        );
        expected(
          tools.some(({ name }) => name === 'list_directory'),
          'there is no tool list_directory',
        );
        const listing = await log.note(
          'list_directory docs',
          () => client.callTool('list_directory', { path: ROOT }),
          textOf,
        );
        expected(textOf(listing).includes('adr'), 'docs has no folder adr');
        const path = join(ROOT, 'rough-edges.md');
        await log.note(
          'read_text_file docs/rough-edges.md',
          () => client.callTool('read_text_file', { path }),
          (result) => {
            expected(textOf(result, Infinity).startsWith('#'), 'the file does not begin with a heading');
            return textOf(result);
          },
        );
      },
    );
  },
};

/** Where a package's program is, as its `bin` says. */
export function programOf(name: string): string {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve(`${name}/package.json`);
  const { bin } = require(manifest) as { bin: string | Record<string, string> };
  return join(dirname(manifest), typeof bin === 'string' ? bin : (Object.values(bin)[0] ?? ''));
}

function textOf({ content }: { content: readonly object[] }, length = 60): string {
  const [first] = content as { text?: string }[];
  const line = (first?.text ?? '').replaceAll(/\s+/g, ' ');
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
