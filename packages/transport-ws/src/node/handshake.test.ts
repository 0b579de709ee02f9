import { describe, expect, test } from 'vitest';
import { rawClient, type HandshakeFields } from '../fixtures/raw-client.ts';
import { echo } from '../fixtures/recorder.ts';
import { testServer, type TestServerOptions } from '../fixtures/server.ts';
import { within } from '../fixtures/within.ts';
import { webSocketServer } from './web-socket-server.ts';
import { ws } from './ws.ts';

/** How a server answers a handshake. */
async function answerTo(
  fields: HandshakeFields & { readonly path?: string },
  options: TestServerOptions = {},
): Promise<{ status: number; head: string; closed: Promise<void> }> {
  await using server = await testServer({ receiver: echo(), ...options });
  using client = await rawClient(server.port, fields);
  const { status, head, closed } = client;
  if (status !== 101) await within(closed, 'the end of a refused connection');
  return { status, head, closed };
}

describe('where a handshake may come from', () => {
  test.each([
    ['evil.example', 403],
    ['localhost.evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['user@localhost', 400],
    ['localhost:99999', 400],
    ['LOCALHOST', 101],
    ['localhost:1', 101],
    ['[::1]:8080', 101],
  ])('Host %s: %i', async (host, status) => {
    expect((await answerTo({ host })).status).toBe(status);
  });

  test('no Host, or two', async () => {
    expect((await answerTo({ host: undefined })).status).toBe(400);
    expect((await answerTo({ host: ['localhost', 'evil.example'] })).status).toBe(400);
  });

  test.each([
    ['https://evil.example', 403],
    ['null', 403],
    ['http://localhost.evil.example', 403],
    ['http://localhost%00.evil', 403],
    ['HTTP://LOCALHOST', 101],
    ['http://localhost:3000', 101],
    ['https://app.example', 101],
  ])('Origin %s: %i', async (origin, status) => {
    const security = { allowedOrigins: ['https://app.example'] };
    expect((await answerTo({ origin }, { security })).status).toBe(status);
  });

  test('a page of another site that sends no Origin', async () => {
    expect((await answerTo({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  });

  test('an allowed name beyond loopback', async () => {
    const security = { allowedHosts: ['mcp.example'] };
    expect((await answerTo({ host: 'mcp.example' }, { security })).status).toBe(101);
  });

  test('binding beyond loopback needs allowedHosts', () => {
    expect(() => ws({ host: '0.0.0.0' })).toThrow(/allowedHosts/);
    expect(() => webSocketServer({ host: '::' })).toThrow(/allowedHosts/);
    expect(() => ws({ host: '0.0.0.0', security: { allowedHosts: ['mcp.example'] } })).not.toThrow();
  });
});

describe('what a handshake must ask for', () => {
  test('the subprotocol is echoed', async () => {
    const { status, head } = await answerTo({ 'sec-websocket-protocol': 'chat, mcp' });
    expect(status).toBe(101);
    expect(head).toMatch(/\r\nSec-WebSocket-Protocol: mcp\r\n/i);
  });

  test.each([
    ['none', undefined],
    ['another', 'chat'],
    ['one that contains it', 'mcp2, xmcp'],
    ['the wrong case', 'MCP'],
    ['junk around it', 'mcp, ,'],
    ['itself twice', 'mcp, mcp'],
    ['two thousand others', Array.from({ length: 2000 }, (_, at) => `p${at}`).join(',')],
  ])('%s as subprotocol: 400', async (_, offered) => {
    expect((await answerTo({ 'sec-websocket-protocol': offered })).status).toBe(400);
  });

  test('a head beyond 16 KiB', async () => {
    const many = Array.from({ length: 10_000 }, (_, at) => `p${at}`).join(',');
    expect((await answerTo({ 'sec-websocket-protocol': many })).status).toBe(431);
  });

  test.each([
    ['sec-websocket-key', undefined],
    ['sec-websocket-key', 'short'],
    ['upgrade', 'h2c'],
  ])('%s of %s: 400', async (name, value) => {
    expect((await answerTo({ [name]: value })).status).toBe(400);
  });

  test.each([undefined, '8', '12', '13, 8'])('version %s: 426', async (version) => {
    const { status, head } = await answerTo({ 'sec-websocket-version': version });
    expect(status).toBe(426);
    expect(head).toMatch(/\r\nsec-websocket-version: 13\r\n/);
  });

  test.each(['/', '/mcp/', '//mcp', '/MCP', '/mcp%2f', '/mcp;x'])('%s is another path', async (path) => {
    expect((await answerTo({ path })).status).toBe(404);
  });

  test('a query does not change the path', async () => {
    expect((await answerTo({ path: '/mcp?tenant=1' })).status).toBe(101);
  });
});
