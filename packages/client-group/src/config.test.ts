import { describe, expect, test } from 'vitest';
import { readConfig } from './config.ts';

describe('readConfig', () => {
  test('reads the files of Claude Desktop and Claude Code', () => {
    const text = JSON.stringify({
      mcpServers: {
        files: {
          command: 'npx',
          args: ['-y', 'server', '${HOME}/docs'],
          env: { PORT: 80, MODE: '${MODE:-quiet}' },
        },
        remote: { type: 'http', url: 'https://${HOST}/mcp', headers: { Authorization: 'Bearer ${TOKEN}' } },
        old: { type: 'sse', url: 'https://old.example/sse' },
      },
    });
    const environment = { HOME: '/home/ada', HOST: 'mcp.example', TOKEN: 'a${HOME}b' };
    const { servers, problems } = readConfig(`\uFEFF${text}`, { environment });
    expect(problems).toEqual([]);
    expect(servers).toEqual({
      files: { command: 'npx', args: ['-y', 'server', '/home/ada/docs'], env: { PORT: '80', MODE: 'quiet' } },
      remote: {
        type: 'http',
        url: 'https://mcp.example/mcp',
        headers: { Authorization: 'Bearer a${HOME}b' },
      },
      old: { type: 'sse', url: 'https://old.example/sse' },
    });
  });

  test('reads the files of VS Code, with what they ask', () => {
    const file = {
      inputs: [
        { type: 'promptString', id: 'key', description: 'The key', password: true },
        { type: 'promptString' },
      ],
      servers: { a: { type: 'stdio', command: '${workspaceFolder}/run', env: { KEY: '${input:key}' } } },
    };
    expect(readConfig(file).inputs).toEqual([{ id: 'key', description: 'The key', password: true }]);
    expect(readConfig(file).problems).toEqual([
      { server: 'a', reason: 'has no value for ${workspaceFolder}, ${input:key}' },
    ]);
    const from = { workspaceFolder: '/work', inputs: { key: 'k' } };
    const expected = { a: { command: '/work/run', env: { KEY: 'k' } } };
    expect(readConfig(file, from).servers).toEqual(expected);
    expect(readConfig({ mcp: file }, from).servers).toEqual(expected);
  });

  test('reads the files of Cursor', () => {
    const { servers, disabled } = readConfig(
      {
        mcpServers: {
          either: { url: 'https://x.example/mcp' },
          here: { command: 'c', cwd: '${userHome}${/}x', args: ['${workspaceFolderBasename}', '${env:A}'] },
          off: { command: 'c', disabled: true },
        },
      },
      { userHome: 'C:\\Users\\ada', workspaceFolder: 'C:\\code\\project\\', environment: { A: '1' } },
    );
    expect(servers).toEqual({
      either: { url: 'https://x.example/mcp' },
      here: { command: 'c', cwd: 'C:\\Users\\ada\\x', args: ['project', '1'] },
    });
    expect(disabled).toEqual(['off']);
  });

  test.each([
    ['nothing', {}, 'neither a command nor a url'],
    ['no object', 7, 'not an object'],
    ['a bad command', { command: 7 }, 'command'],
    ['bad arguments', { command: 'c', args: 'a b' }, 'args'],
    ['bad variables', { command: 'c', env: { A: null } }, 'env'],
    ['a bad address', { url: 'nowhere' }, 'url'],
    ['an unknown type', { type: 'pigeon', url: 'https://x.example' }, '"pigeon"'],
    ['a command of a wrong type', { type: 'http', command: 'c' }, '"http"'],
    ['an envFile', { command: 'c', envFile: '.env' }, 'envFile'],
  ])('reports an entry with %s and reads its neighbours', (_what, bad, reason) => {
    const { servers, problems } = readConfig({ mcpServers: { bad, good: { command: 'c' } } });
    expect(servers).toEqual({ good: { command: 'c' } });
    expect(problems).toEqual([{ server: 'bad', reason: expect.stringContaining(reason) }]);
  });

  test('keeps names that mean something to JavaScript out', () => {
    const file = JSON.parse(
      '{"mcpServers":{"__proto__":{"command":"c"},"toString":{"command":"d"}}}',
    ) as unknown;
    const { servers, problems } = readConfig(file);
    expect(Object.keys(servers)).toEqual(['toString']);
    expect(problems).toMatchObject([{ server: '__proto__' }]);
  });

  test.each(['', '[]', '{"servers":[]}', '{'])('throws on %j', (text) => {
    expect(() => readConfig(text)).toThrow(expect.objectContaining({ code: 'bad-parameters' }));
  });
});
