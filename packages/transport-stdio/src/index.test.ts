import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import * as entry from './index.ts';

test('the values are these', () => {
  expect(Object.keys(entry).toSorted()).toEqual([
    'exitOf',
    'runStdio',
    'stdio',
    'stdioClient',
    'stdioServer',
  ]);
});

test('a server that imports them does not pay for starting processes', async () => {
  const url = new URL('index.ts', import.meta.url).href;
  const source = `await import(${JSON.stringify(url)}); console.log(JSON.stringify(process.moduleLoadList));`;
  const args = ['--conditions=@trunkline/source', '--input-type=module', '-e', source];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const loaded: string[] = JSON.parse(stdout);
  expect(loaded).toContain('NativeModule events');
  expect(loaded.filter((name) => /child_process$|crypto$/.test(name) && !name.includes('internal'))).toEqual(
    [],
  );
});
