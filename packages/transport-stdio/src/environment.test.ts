import { describe, expect, test } from 'vitest';
import { childEnvironment } from './environment.ts';

const POSIX = { platform: 'linux', parent: {} } as const;

describe('childEnvironment', () => {
  test('inherits exactly the safe variables on POSIX', () => {
    const safe = { HOME: '/h', LOGNAME: 'l', PATH: '/bin', SHELL: '/bin/sh', TERM: 'xterm', USER: 'u' };
    const parent = { ...safe, NODE_OPTIONS: '-r evil', LD_PRELOAD: 'evil.so', LANG: 'C', TOKEN: 'secret' };
    expect(childEnvironment({ platform: 'linux', parent })).toEqual(safe);
    expect(childEnvironment({ platform: 'darwin', parent })).toEqual(safe);
  });

  test('inherits exactly the safe variables on Windows, whatever their case', () => {
    const names = [
      'APPDATA HOMEDRIVE HOMEPATH LOCALAPPDATA PATH PATHEXT PROCESSOR_ARCHITECTURE PROGRAMFILES SYSTEMDRIVE SYSTEMROOT',
      'TEMP USERNAME USERPROFILE',
    ].flatMap((line) => line.split(' '));
    const parent = Object.fromEntries(names.map((name) => [name.toLowerCase(), name]));
    const environment = childEnvironment({ platform: 'win32', parent: { ...parent, Token: 'secret' } });
    expect(environment).toEqual(Object.fromEntries(names.map((name) => [name, name])));
  });

  test('lets the caller add and replace', () => {
    const parent = { PATH: '/bin', HOME: '/h' };
    expect(childEnvironment({ ...POSIX, parent, env: { PATH: '/own', X: '' } })).toEqual({
      HOME: '/h',
      PATH: '/own',
      X: '',
    });
  });

  test('replaces on Windows without regard to case, so that no variable exists twice', () => {
    const parent = { Path: 'C:\\', TEMP: 'T' };
    expect(childEnvironment({ platform: 'win32', parent, env: { path: 'D:\\' } })).toEqual({
      TEMP: 'T',
      path: 'D:\\',
    });
  });

  test('drops exported shell functions', () => {
    expect(childEnvironment({ ...POSIX, parent: { SHELL: '() { :; }; evil', USER: 'u' } })).toEqual({
      USER: 'u',
    });
  });

  test('adds language and time zone on request', () => {
    const parent = { LANG: 'C', LC_ALL: 'C', LC_CTYPE: 'C', TMPDIR: '/t', TZ: 'UTC', LC_TIME: 'C' };
    expect(Object.keys(childEnvironment({ ...POSIX, parent, locale: true }))).toEqual([
      'LANG',
      'LC_ALL',
      'LC_CTYPE',
      'TMPDIR',
      'TZ',
    ]);
    expect(childEnvironment({ ...POSIX, parent })).toEqual({});
  });

  test.each([
    ['a NUL in a value', { A: 'x\0y' }],
    ['a NUL in a name', { 'A\0': 'x' }],
    ['an = in a name', { 'A=B': 'x' }],
    ['an empty name', { '': 'x' }],
    ['undefined', { A: undefined }],
    ['a number', { A: 1 }],
  ])('refuses %s', (_, env) => {
    const build = (): unknown => childEnvironment({ ...POSIX, env: env as Record<string, string> });
    expect(build).toThrow(expect.objectContaining({ code: 'spawn-failed', delivery: 'not-sent' }));
  });
});

test('a value never shows up in the message that refuses it', () => {
  expect(() => childEnvironment({ ...POSIX, env: { TOKEN: 'hunter2\0' } })).not.toThrow(/hunter2/);
});
