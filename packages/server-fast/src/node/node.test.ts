import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ambientContext,
  audioFile,
  fileFrom,
  getContext,
  imageFile,
  insideOf,
  SETTINGS,
  settingsFrom,
} from '../node.ts';
import { createServer } from '../server.ts';
import { connect } from '../testing.ts';

const info = { name: 'test', version: '1.0.0' };
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'server-fast-'));
  await mkdir(join(folder, 'root'));
  await writeFile(join(folder, 'root', 'a.png'), Buffer.from('\x89PNG\r\n\x1A\n..', 'latin1'));
  await writeFile(join(folder, 'root', 'a.wav'), Buffer.from('RIFF....WAVE', 'latin1'));
  await writeFile(join(folder, 'root', 'a.md'), '# Hi');
  await writeFile(join(folder, 'secret'), 'x');
  await symlink(join(folder, 'secret'), join(folder, 'root', 'link'));
});

afterAll(() => rm(folder, { recursive: true }));

test('blocks are made of files, up to a size', async () => {
  const at = (name: string): string => join(folder, 'root', name);
  expect(await imageFile(at('a.png'))).toMatchObject({ type: 'image', mimeType: 'image/png' });
  expect(await audioFile(at('a.wav'))).toMatchObject({ type: 'audio', mimeType: 'audio/wav' });
  expect(await fileFrom(at('a.md'))).toMatchObject({
    type: 'resource',
    resource: { mimeType: 'text/markdown', text: '# Hi', uri: expect.stringMatching(/^file:\/\/\/.*a\.md$/) },
  });
  await expect(fileFrom(at('a.md'), { maxBytes: 3 })).rejects.toThrow('a.md has 4 bytes, more than 3.');
});

test('a path stays in its folder, also over links', async () => {
  const root = join(folder, 'root');
  expect(await readFile(await insideOf(root, 'a.md'), 'utf8')).toBe('# Hi');
  for (const path of ['../secret', 'link', '/etc/passwd', 'a.md\0', 'nothing', '..'])
    await expect(insideOf(root, path)).rejects.toMatchObject({ name: 'ToolError' });
});

describe.each(['modern', 'legacy'] as const)('the ambient context, %s', (era) => {
  test('is that of the call, however deep and however many run at once', async () => {
    const deep = async (): Promise<string> => {
      await new Promise((resolve) => setImmediate(resolve));
      return `${getContext().method} ${Number(getContext().meta['n'] ?? 0)}`;
    };
    const server = createServer(info)
      .use(ambientContext())
      .tool('t', deep)
      .resource('r', 'test://r', deep)
      .prompt('p', deep);
    await using client = await connect(server, { eras: [era] });
    const texts = await Promise.all(
      [1, 2, 3].map(async (n) => (await client.callTool('t', {}, { meta: { n } })).content),
    );
    expect(texts).toMatchObject([1, 2, 3].map((n) => [{ text: `tools/call ${n}` }]));
    expect((await client.readResource('test://r')).contents).toMatchObject([{ text: 'resources/read 0' }]);
    expect((await client.getPrompt('p')).messages).toMatchObject([{ content: { text: 'prompts/get 0' } }]);
  });
});

test('there is no ambient context outside of calls', () => {
  expect(() => getContext()).toThrow(/^misuse: /);
});

test('the environment sets options, and wrong values are named', () => {
  const key = Buffer.alloc(32, 1).toString('base64');
  expect(
    settingsFrom({
      TRUNKLINE_ERAS: 'modern, legacy',
      TRUNKLINE_PAGE_SIZE: '20',
      TRUNKLINE_CACHE_TTL: '0',
      TRUNKLINE_MAX_RUNNING: '4',
      TRUNKLINE_MAX_DURATION: '1000',
      TRUNKLINE_REQUEST_STATE_KEYS: key,
      TRUNKLINE_STATE_TTL: '',
      OTHER: 'x',
    }),
  ).toEqual({
    eras: ['modern', 'legacy'],
    pageSize: 20,
    caching: { ttlMs: 0 },
    limits: { maxRunning: 4, maxDuration: 1000 },
    requestState: { keys: [new Uint8Array(32).fill(1)] },
  });
  for (const [name, value] of [
    ['TRUNKLINE_ERAS', 'stone'],
    ['TRUNKLINE_PAGE_SIZE', '0'],
    ['TRUNKLINE_PAGE_SIZE', 'many'],
    ['TRUNKLINE_REQUEST_STATE_KEYS', 'c2hvcnQ='],
  ] as const)
    expect(() => settingsFrom({ [name]: value })).toThrow(new RegExp(`^misuse: ${name} sets (?!.*${value})`));
});

test('the README has every setting in its table', async () => {
  const readme = await readFile(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
  const rows = SETTINGS.map(({ name, sets }) => `| \`${name}\` | ${sets} |`);
  expect(readme).toContain(rows.join('\n'));
});
