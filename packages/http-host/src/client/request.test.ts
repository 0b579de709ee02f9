import { describe, expect, test } from 'vitest';
import { request, type HttpRequest } from './request.ts';

const HERE = 'https://here.example/mcp';
const NEVER = new AbortController().signal;

interface Hop {
  readonly url: string;
  readonly init: RequestInit;
}

/** Answers each address as the table says, and writes down what was asked for. */
function site(table: Readonly<Record<string, () => Response>>): {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  hops: Hop[];
} {
  const hops: Hop[] = [];
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    hops.push({ url, init });
    return table[url]?.() ?? new Response('there');
  };
  return { fetch, hops };
}

function to(status: number, location: string | undefined): () => Response {
  return () => new Response(undefined, { status, ...(location !== undefined && { headers: { location } }) });
}

function wanted(method: HttpRequest['method'], more: Partial<HttpRequest> = {}): HttpRequest {
  const headers = { authorization: 'secret', 'mcp-session-id': 's' };
  return { url: HERE, method, headers, signal: NEVER, ...(method === 'POST' && { body: '{}' }), ...more };
}

const METHODS = ['POST', 'GET', 'DELETE'] as const;
const STATUSES = [301, 302, 303, 307, 308];

describe.each(METHODS)('a %s is not led away (F009, SEC-07)', (method) => {
  describe.each(STATUSES)('with status %d', (status) => {
    test.each([
      ['to another port', 'https://here.example:8443/mcp'],
      ['to another host', 'https://evil.example/mcp'],
      ['to a host that is named alike', 'https://here.example.evil.example/mcp'],
      ['to the insecure form', 'http://here.example/mcp'],
      ['to the same host with credentials', 'https://user:secret@here.example/mcp'],
      ['to a file', 'file:///etc/passwd'],
      ['to a socket', 'unix:/run/docker.sock'],
      ['to another host without saying how', '//evil.example/mcp'],
      ['to nowhere', undefined],
      ['to what is no address', 'https://['],
    ])('%s', async (_, location) => {
      const { fetch, hops } = site({ [HERE]: to(status, location) });
      const error = { code: 'redirect-blocked', delivery: 'not-sent', status };
      await expect(request(fetch, wanted(method))).rejects.toMatchObject(error);
      expect(hops.map(({ url }) => url)).toEqual([HERE]);
    });
  });

  test('further than five times', async () => {
    const loop = Object.fromEntries(
      Array.from({ length: 9 }, (_, hop) => [`${HERE}${hop || ''}`, to(307, `${HERE}${hop + 1}`)]),
    );
    const { fetch, hops } = site(loop);
    await expect(request(fetch, wanted(method))).rejects.toMatchObject({ code: 'redirect-blocked' });
    expect(hops).toHaveLength(6);
  });
});

describe.each(STATUSES)('status %d within the origin (F010)', (status) => {
  test.each(METHODS)('of a %s', async (method) => {
    const { fetch, hops } = site({ [HERE]: to(status, '/moved') });
    const going = request(fetch, wanted(method));
    if (status < 307 && method !== 'GET') {
      await expect(going).rejects.toMatchObject({ code: 'redirect-blocked', status });
      expect(hops).toHaveLength(1);
      return;
    }
    expect(await (await going).text()).toBe('there');
    expect(hops[1]).toMatchObject({
      url: 'https://here.example/moved',
      init: { ...hops[0]?.init, signal: expect.anything() },
    });
  });
});

test('the secure form of the same host is followed', async () => {
  const { fetch, hops } = site({ 'http://here.example/mcp': to(308, HERE) });
  await request(fetch, wanted('POST', { url: 'http://here.example/mcp' }));
  expect(hops[1]?.url).toBe(HERE);
});

test('a redirect that a browser hides is not followed blindly', async () => {
  const hidden = Object.defineProperty(new Response(), 'type', { value: 'opaqueredirect' });
  await expect(request(async () => hidden, wanted('POST'))).rejects.toMatchObject({
    code: 'redirect-blocked',
  });
});

test('no request is left to follow redirects by itself', async () => {
  const { fetch, hops } = site({});
  await request(fetch, wanted('POST'));
  expect(hops[0]?.init.redirect).toBe('manual');
});

describe('a request that is given up', () => {
  test('is not made when that was before', async () => {
    const { fetch, hops } = site({});
    const reason = new Error('enough');
    await expect(request(fetch, wanted('GET', { signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
    expect(hops).toEqual([]);
  });

  test('ends for the reason of its signal, and the fetch is told', async () => {
    const stop = new AbortController();
    let told: AbortSignal | null | undefined;
    const fetch = (_: string, init: RequestInit): Promise<Response> => {
      told = init.signal;
      return new Promise(() => {});
    };
    const going = request(fetch, wanted('GET', { signal: stop.signal }));
    const reason = new Error('enough');
    stop.abort(reason);
    await expect(going).rejects.toBe(reason);
    expect(told?.aborted).toBe(true);
  });

  test('for its time says so', async () => {
    const going = request(() => new Promise(() => {}), wanted('GET', { headTimeout: 20 }));
    await expect(going).rejects.toMatchObject({ code: 'timed-out', delivery: 'unknown' });
  });
});
