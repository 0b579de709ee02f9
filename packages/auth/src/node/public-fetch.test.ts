import { expect, test } from 'vitest';
import { stage } from '../fixtures/stage.ts';
import { failure } from '../fixtures/user.ts';
import { publicFetch } from './public-fetch.ts';

test.each([
  'http://127.0.0.1:1/',
  'http://[::1]:1/',
  'http://[::ffff:127.0.0.1]:1/',
  'http://169.254.169.254/latest',
  'http://10.0.0.1/',
  'http://100.64.1.1/',
  'http://[fd12::1]/',
  'http://[fe80::1]/',
  'http://0x7f000001/',
  'http://2130706433/',
])('does not connect to %s', async (address) => {
  expect(await failure(publicFetch()(address, {}))).toBe('url-blocked');
});

test('does not connect to a name of which any address is private', async () => {
  const resolve = async (): Promise<string[]> => ['93.184.215.14', '10.0.0.1'];
  expect(await failure(publicFetch({ resolve })('https://rebind.example/', {}))).toBe('url-blocked');
  expect(await failure(publicFetch({ resolve: async () => [] })('https://none.example/', {}))).toBe(
    'url-blocked',
  );
});

test('looks a name up once, and connects to what it found', async () => {
  await using server = await stage({ '/doc': ({ headers }) => ({ json: { host: headers.host } }) });
  const { port } = new URL(server.origin);
  let lookups = 0;
  const resolve = async (): Promise<string[]> => {
    lookups += 1;
    return [lookups === 1 ? '127.0.0.1' : '10.0.0.1'];
  };
  const fetch = publicFetch({ resolve, allow: (address) => address === '127.0.0.1' });
  const response = await fetch(`http://name.example:${port}/doc`, {});
  expect(await response.json()).toEqual({ host: `name.example:${port}` });
  expect(lookups).toBe(1);
});

test('follows no redirect, sends text, and stops when told to', async () => {
  await using server = await stage({
    '/moved': () => ({ status: 302, headers: { location: '/doc' } }),
    '/form': ({ body, method }) => ({ json: { body, method } }),
  });
  const fetch = publicFetch({ allow: () => true });
  expect((await fetch(`${server.origin}/moved`, {})).status).toBe(302);
  const form = { method: 'POST', body: new URLSearchParams({ a: 'b' }) };
  expect(await (await fetch(`${server.origin}/form`, form)).json()).toEqual({ body: 'a=b', method: 'POST' });
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(fetch(`${server.origin}/form`, { signal })).rejects.toMatchObject({ name: 'AbortError' });
  expect(await failure(fetch(`${server.origin}/form`, { method: 'POST', body: new Blob(['x']) }))).toBe(
    'misuse',
  );
});
