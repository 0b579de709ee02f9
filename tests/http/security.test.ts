import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { http } from '@trunkline/transport-http/node';
import { createHttpHandler, type HttpHandlerOptions } from '@trunkline/transport-http';
import { describe, expect, test } from 'vitest';
import {
  FACES,
  given,
  legacyRequest,
  modernRequest,
  open,
  openSession,
  rawRequest,
  type Face,
} from './harness.ts';
import { TestServer } from './test-server.ts';

const TOOL = modernRequest('tools/call', { name: 'x' });

/** Sends a call with these fields too, and tells the status and whether anything was run or even read. */
async function attempt(
  face: Face,
  fields: Record<string, string | undefined>,
  options: HttpHandlerOptions = {},
): Promise<{ status: number; ran: number; fields: Record<string, unknown>; body: string }> {
  const server = new TestServer();
  await using opened = await open(face, server, options);
  const headers = given({ ...(TOOL.headers as Record<string, string>), ...fields });
  const response = await rawRequest(opened.url, { method: 'POST', headers, body: TOOL.body as string });
  return { status: response.status, ran: server.seen.length, fields: response.headers, body: response.body };
}

describe.each(FACES)('the %s face', (face) => {
  test.each<[string, Record<string, string>, number]>([
    ['a foreign host', { host: 'evil.example' }, 403],
    ['a host that begins like an allowed one', { host: 'localhost.evil.example' }, 403],
    ['a foreign origin', { origin: 'http://evil.example' }, 403],
    ['no origin to speak of', { origin: 'null' }, 403],
    ['another site without an origin', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a local page', { origin: 'http://localhost:5173' }, 200],
    ['a local host', { host: 'localhost:1' }, 200],
  ])('decides by host and origin, before anything is run: %s', async (_name, fields, status) => {
    const outcome = await attempt(face, fields);
    expect([outcome.status, outcome.ran]).toEqual([status, status === 200 ? 1 : 0]);
    expect(outcome.fields['access-control-allow-origin']).toBeUndefined();
  });

  test('decides so for every verb', async () => {
    await using opened = await open(face, new TestServer());
    const session = await openSession(opened.url);
    for (const method of ['GET', 'DELETE', 'POST', 'OPTIONS', 'PUT']) {
      const headers = { ...session.fields, origin: 'http://evil.example', accept: 'text/event-stream' };
      expect((await rawRequest(opened.url, { method, headers })).status).toBe(403);
    }
    expect((await session.send({ jsonrpc: '2.0', id: 1, method: 'ping' })).status).toBe(200);
  });

  test('serves the names it is told', async () => {
    const security = { allowedHosts: ['mcp.example.com'], allowedOrigins: ['https://app.example.com'] };
    const fields = { host: 'mcp.example.com', origin: 'https://app.example.com' };
    expect((await attempt(face, fields, { security })).status).toBe(200);
    expect(
      (await attempt(face, { ...fields, origin: 'https://other.example.com' }, { security })).status,
    ).toBe(403);
  });

  test('checks nothing where that is turned off', async () => {
    const fields = { host: 'evil.example', origin: 'null' };
    expect((await attempt(face, fields, { security: { dnsRebindingProtection: false } })).status).toBe(200);
  });

  test('takes JSON only, whatever is written around it', async () => {
    for (const type of [
      'text/plain',
      'text/plain; application/json',
      undefined,
      'application/x-www-form-urlencoded',
    ]) {
      const { status, ran } = await attempt(face, { 'content-type': type });
      expect([status, ran]).toEqual([415, 0]);
    }
    expect((await attempt(face, { 'content-type': 'Application/JSON; charset=utf-8' })).status).toBe(200);
    expect((await attempt(face, { 'content-encoding': 'gzip' })).status).toBe(415);
  });

  test('answers only clients that take both kinds of answer', async () => {
    for (const accept of ['text/html', 'application/json', 'text/event-stream']) {
      expect((await attempt(face, { accept })).status).toBe(406);
    }
    for (const accept of ['*/*', undefined, 'text/event-stream, application/json;q=0.1']) {
      expect((await attempt(face, { accept })).status).toBe(200);
    }
  });

  test('tells browsers what they may do only where that is wanted, and answers preflights before it asks who they are', async () => {
    const server = new TestServer();
    const cors = { origins: ['https://app.example.com'] };
    const verify = () => ({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    await using opened = await open(face, server, { cors, verify });
    const origin = 'https://app.example.com';
    const preflight = await rawRequest(opened.url, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,mcp-param-a,x-evil',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-headers': 'content-type, mcp-param-a',
      vary: 'origin',
    });
    const refused = await rawRequest(opened.url, { method: 'POST', headers: { origin } });
    expect(refused.status).toBe(401);
    expect(refused.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate',
      'www-authenticate': 'Bearer',
    });
    const foreign = await rawRequest(opened.url, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example' },
    });
    expect([foreign.status, foreign.headers['access-control-allow-origin']]).toEqual([403, undefined]);
  });

  test('marks streams for browsers too', async () => {
    const server = new TestServer().tool('x', async (_args, context) => {
      await context.progress(1);
      return { content: [] };
    });
    const origin = 'https://app.example.com';
    await using opened = await open(face, server, { cors: { origins: [origin] } });
    const init = modernRequest('tools/call', { name: 'x', _meta: { progressToken: 1 } }, { origin });
    const response = await fetch(opened.url, init);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(await response.text()).toContain('"result"');
  });

  test('asks who sends a request before it reads the body, and hands the identity on', async () => {
    const asked: string[] = [];
    const server = new TestServer();
    const verify: HttpHandlerOptions['verify'] = ({ method, url, header }) => {
      asked.push(`${method} ${url} ${header('authorization')}`);
      if (header('authorization') === 'Bearer good') return { clientId: 'me', scopes: ['a'] };
      return {
        status: 401,
        headers: { 'www-authenticate': 'Bearer scope="a"' },
        body: '{"error":"invalid_token"}',
      };
    };
    await using opened = await open(face, server, { verify, limits: { maxBodyBytes: 5 } });
    const refused = await fetch(
      `${opened.url}?access_token=good`,
      modernRequest('x/y', {}, { authorization: 'Bearer bad' }),
    );
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer scope="a"']);
    expect(await refused.json()).toEqual({ error: 'invalid_token' });
    const tooLong = await fetch(opened.url, modernRequest('x/y', {}, { authorization: 'Bearer good' }));
    expect(tooLong.status).toBe(413);
    expect(asked).toEqual(['POST /mcp?access_token=good Bearer bad', 'POST /mcp Bearer good']);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('secret');
      },
    ],
    ['rejects', () => Promise.reject(new Error('secret'))],
  ] as [string, NonNullable<HttpHandlerOptions['verify']>][])(
    'lets nobody in when the check %s',
    async (_name, verify) => {
      const errors: unknown[] = [];
      const outcome = await attempt(face, {}, { verify, onError: (error) => errors.push(error) });
      expect([outcome.status, outcome.ran, errors.length]).toEqual([500, 0, 1]);
      expect(outcome.body).not.toContain('secret');
    },
  );

  test('takes the word of a framework that knows the identity already', async () => {
    const server = new TestServer();
    const handler = createHttpHandler(server, { verify: () => ({ status: 401 }) });
    const response = await handler.fetch(new Request('http://localhost/mcp', TOOL), {
      auth: { clientId: 'me', scopes: [] },
    });
    expect([response.status, server.seen[0]?.origin.auth?.clientId]).toEqual([200, 'me']);
  });
});

describe('a port', () => {
  test.each(['0.0.0.0', '::'])('beyond this machine (%s) needs the names of the server', (host) => {
    expect(() => http({ host })).toThrow('allowedHosts');
  });

  test('on every address serves each by the address that the connection came to', async () => {
    const listening = await http({ host: '0.0.0.0', security: { allowedHosts: ['mcp.example.com'] } }).listen(
      new TestServer(),
    );
    const { port } = new URL(listening.describe);
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((one) => one?.family === 'IPv4' && !one.internal);
    const status = async (address: string, host: string): Promise<number> =>
      (
        await rawRequest(`http://${address}:${port}/mcp`, {
          method: 'POST',
          headers: { ...(TOOL.headers as Record<string, string>), host },
          body: TOOL.body as string,
        })
      ).status;
    expect(await status('127.0.0.1', 'localhost')).toBe(200);
    expect(await status('127.0.0.1', 'mcp.example.com')).toBe(200);
    expect(await status('127.0.0.1', 'evil.example')).toBe(403);
    if (outside) {
      expect(await status(outside.address, 'localhost')).toBe(403);
      expect(await status(outside.address, 'mcp.example.com')).toBe(200);
    }
    await listening.close();
  });

  test('serves its path and no other', async () => {
    const listening = await http({ path: '/mcp' }).listen(new TestServer());
    const { origin } = new URL(listening.describe);
    for (const [path, status] of [
      ['/mcp', 200],
      ['/mcp?x', 200],
      ['//mcp', 404],
      ['/mcp/', 404],
      ['/mcp%2f', 404],
      ['/MCP', 404],
      ['/mcp;x', 404],
      ['/', 404],
    ] as const) {
      expect([path, await statusOf(origin, path)]).toEqual([path, status]);
    }
    await listening.close();
  });
});

/** `fetch` and `URL` would tidy the path up. */
function statusOf(origin: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    const sent = request(
      { hostname, port, path, method: 'POST', headers: legacyHeaders(), agent: false },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    sent.on('error', reject).end(TOOL.body);
  });
}

function legacyHeaders(): Record<string, string> {
  return {
    ...(legacyRequest({}).headers as Record<string, string>),
    ...(TOOL.headers as Record<string, string>),
  };
}
