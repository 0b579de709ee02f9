import { describe, expect, test } from 'vitest';
import { rejection } from '../fixtures/within.ts';
import { httpClient } from './http-client.ts';
import { requestsTo, type LinkRequest } from '@trunkline/http-host/client';
import type { HttpClientOptions } from './options.ts';

interface Seen {
  readonly url: string;
  readonly init: RequestInit;
}

async function made(options: HttpClientOptions, wanted: Partial<LinkRequest> = {}): Promise<Seen> {
  let seen: Seen | undefined;
  const make = requestsTo('http://127.0.0.1/mcp', {
    ...options,
    fetch: async (url, init) => {
      seen = { url, init };
      return new Response();
    },
  });
  await make({ method: 'POST', fields: {}, signal: new AbortController().signal, ...wanted });
  return seen as Seen;
}

describe('the headers of a request', () => {
  test('are those of the link, then those of the call, then those of the protocol', async () => {
    const { init } = await made(
      { headers: { Authorization: 'link', 'X-One': '1' } },
      { headers: { authorization: 'call' }, fields: { 'mcp-session-id': 's' } },
    );
    expect(init.headers).toEqual({ authorization: 'call', 'x-one': '1', 'mcp-session-id': 's' });
  });

  test('are asked for anew with each request where a function makes them', async () => {
    let count = 0;
    const options: HttpClientOptions = { headers: async () => ({ 'x-count': String(++count) }) };
    expect((await made(options)).init.headers).toEqual({ 'x-count': '1' });
    expect((await made(options)).init.headers).toEqual({ 'x-count': '2' });
  });

  test.each([
    ['Mcp-Session-Id', 'x'],
    ['MCP-Protocol-Version', 'x'],
    ['mcp-param-region', 'x'],
    ['Content-Type', 'text/plain'],
    ['Accept', '*/*'],
    ['Host', 'example.com'],
    ['Last-Event-ID', '1'],
    ['x-split', 'a\r\nx-injected: b'],
    ['x split', 'a'],
    ['x-wide', '\u20ac'],
  ])('may not be %s: %j', async (name, value) => {
    const expected = expect.objectContaining({ code: 'misuse', delivery: 'not-sent' });
    const headers = { [name]: value };
    expect(() => httpClient('http://127.0.0.1/mcp', { headers })).toThrow(expected);
    expect(await rejection(made({ headers: () => headers }))).toEqual(expected);
    expect(await rejection(made({}, { headers }))).toEqual(expected);
  });

  test('that cannot be had keep the request from being sent', async () => {
    const cause = new Error('no token');
    const error = await rejection(made({ headers: () => Promise.reject(cause) }));
    expect(error).toMatchObject({ code: 'not-sent', delivery: 'not-sent', cause });
  });

  test('that never come do not outlive the signal', async () => {
    const stop = new AbortController();
    const making = made({ headers: () => new Promise(() => {}) }, { signal: stop.signal });
    const reason = new Error('enough');
    stop.abort(reason);
    expect(await rejection(making)).toBe(reason);
  });
});

test.each([
  ['ftp://127.0.0.1/mcp', /ftp: is not a protocol/],
  ['http://user:secret@127.0.0.1/mcp', /carries credentials/],
  ['/mcp', /is not an address/],
])('the address %s is misuse', (url, message) => {
  expect(() => httpClient(url)).toThrow(
    expect.objectContaining({ code: 'misuse', message: expect.stringMatching(message) }),
  );
});

test('a dial is known by its address without query and fragment, which may hold secrets', () => {
  expect(httpClient('https://example.com/mcp?key=secret#x').target).toBe('https://example.com/mcp');
});
