import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failure } from '../fixtures/user.ts';
import { fileCredentials } from './file-credentials.ts';

const KEY = new Uint8Array(32).fill(7);

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'credentials-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

describe('credentials in a file', () => {
  test('are there for the next program, encrypted, and for their owner alone', async () => {
    const path = join(await folder(), 'deep', 'tokens');
    const store = fileCredentials({ path, key: KEY });
    await store.set('key', 'the secret');
    expect(await fileCredentials({ path, key: KEY }).get('key')).toBe('the secret');
    const text = await readFile(path, 'utf8');
    expect(text).not.toContain('secret');
    expect(text.split('.')).toHaveLength(5);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(path, '..'))).toEqual(['tokens']);
  });

  test('are deleted once', async () => {
    const store = fileCredentials({ path: join(await folder(), 'tokens'), key: KEY });
    await store.set('__proto__', 'a');
    await store.set('state', 'b');
    const deletions = await Promise.all([1, 2, 3].map(() => store.delete('state')));
    expect(deletions.filter(Boolean)).toHaveLength(1);
    expect(await store.get('__proto__')).toBe('a');
    expect(await store.get('constructor')).toBeUndefined();
  });

  test('lose nothing to writers at the same time', async () => {
    const path = join(await folder(), 'tokens');
    const [one, other] = [fileCredentials({ path, key: KEY }), fileCredentials({ path, key: KEY })];
    await Promise.all(
      Array.from({ length: 12 }, (_, index) => (index % 2 ? one : other).set(`key ${index}`, String(index))),
    );
    const found = await Promise.all(Array.from({ length: 12 }, (_, index) => one.get(`key ${index}`)));
    expect(found).toEqual(Array.from({ length: 12 }, (_, index) => String(index)));
  });

  test('are left alone by whoever has another key', async () => {
    const path = join(await folder(), 'tokens');
    await fileCredentials({ path, key: KEY }).set('a', 'b');
    const stranger = fileCredentials({ path, key: new Uint8Array(32) });
    expect(await failure(stranger.get('a'))).toBe('storage');
    expect(await failure(stranger.set('a', 'c'))).toBe('storage');
    expect(await fileCredentials({ path, key: KEY }).get('a')).toBe('b');
    await writeFile(path, 'rubbish');
    expect(await failure(fileCredentials({ path, key: KEY }).get('a'))).toBe('storage');
  });

  test('open with a key file elsewhere, which nobody else may read', async () => {
    const [path, keyFile] = [join(await folder(), 'tokens'), join(await folder(), 'keys', 'key')];
    await fileCredentials({ path, keyFile }).set('a', 'b');
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
    expect(await fileCredentials({ path, keyFile }).get('a')).toBe('b');
    await chmod(keyFile, 0o644);
    expect(await failure(fileCredentials({ path, keyFile }).get('a'))).toBe('storage');
  });

  test('need exactly one key, of the right size, not beside them', async () => {
    const path = join(await folder(), 'tokens');
    for (const options of [
      { path },
      { path, key: KEY, keyFile: '/elsewhere/key' },
      { path, key: new Uint8Array(16) },
      { path, keyFile: `${path}.key` },
    ])
      expect(() => fileCredentials(options)).toThrow('misuse');
  });
});

describe('a lock on credentials', () => {
  test('is held by one at a time, in whatever process', async () => {
    const path = join(await folder(), 'tokens');
    const store = fileCredentials({ path, key: KEY });
    const program = `
      import { fileCredentials } from ${JSON.stringify(new URL('../node.ts', import.meta.url).href)};
      const store = fileCredentials({ path: ${JSON.stringify(path)}, key: new Uint8Array(32).fill(7) });
      await store.lock('k', async () => {
        process.stdout.write('held');
        await new Promise((resolve) => process.stdin.once('data', resolve));
        await store.set('last', 'child');
      });
      process.exit(0);`;
    const child = spawn(process.execPath, [
      '--conditions',
      '@trunkline/source',
      '--input-type=module',
      '-e',
      program,
    ]);
    onTestFinished(() => void child.kill());
    await once(child.stdout, 'data');
    const mine = store.lock('k', async () => {
      const before = await store.get('last');
      await store.set('last', 'parent');
      return before;
    });
    child.stdin.write('go');
    expect(await mine).toBe('child');
    expect(await store.get('last')).toBe('parent');
  });

  test('that a dead process left is taken over', async () => {
    const path = join(await folder(), 'tokens');
    const store = fileCredentials({ path, key: KEY });
    const long = new Date(Date.now() - 60_000);
    for (const left of [`${path}.lock`, `${path}.lock.clearing`]) {
      await writeFile(left, '');
      await utimes(left, long, long);
    }
    await store.set('a', 'b');
    expect(await store.get('a')).toBe('b');
  });
});
