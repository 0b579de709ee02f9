import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { accept, badServer } from '../fixtures/bad-server.ts';
import { echo, recorder } from '../fixtures/recorder.ts';
import { listening, testServer } from '../fixtures/server.ts';
import { rejection, within } from '../fixtures/within.ts';
import { webSocketClient } from './client.ts';

describe('the request that opens a socket', () => {
  test('carries the header fields it was given, asked anew for every link', async () => {
    await using server = await badServer((head) => accept(head, 'mcp'));
    let token = 0;
    const dial = webSocketClient(server.url, {
      headers: async () => ({ authorization: `Bearer ${(token += 1)}` }),
    });
    for (const number of [1, 2]) {
      const link = dial();
      await link.start(recorder());
      expect(server.requests[number - 1]).toMatch(
        new RegExp(`\\r\\nauthorization: Bearer ${number}\\r\\n`, 'i'),
      );
      server.sockets[number - 1]?.destroy();
      await within(link.closed, 'the end of the link');
    }
  });

  test('cannot be made another request by them', async () => {
    await using server = await badServer((head) => accept(head, 'mcp'));
    const headers = { 'x-note': 'a\r\nsec-websocket-protocol: chat' };
    const link = webSocketClient(server.url, { headers })();
    expect(await rejection(link.start(recorder()))).toMatchObject({ delivery: 'not-sent' });
    expect(server.requests).toEqual([]);
  });

  test('fails as the function for its fields does', async () => {
    const broken = new Error('no token');
    const link = webSocketClient('ws://127.0.0.1:9', { headers: () => Promise.reject(broken) })();
    expect(await rejection(link.start(recorder()))).toMatchObject({ code: 'refused', cause: broken });
  });

  test('may go through an agent', async () => {
    await using server = await testServer({ receiver: echo() });
    const asked: string[] = [];
    class Counting extends Agent {
      override createConnection(
        ...given: Parameters<Agent['createConnection']>
      ): ReturnType<Agent['createConnection']> {
        asked.push('connection');
        return super.createConnection(...given);
      }
    }
    const link = webSocketClient(server.url, { agent: new Counting() })();
    await link.start(recorder());
    expect(asked).toEqual(['connection']);
    await link.close();
  });

  test('closing does not wait for the function for its fields', async () => {
    const link = webSocketClient('ws://127.0.0.1:9', { headers: () => new Promise(() => {}) })();
    const starting = rejection(link.start(recorder()));
    await within(link.close(), 'close()');
    expect(await starting).toMatchObject({ code: 'closed' });
  });
});

describe('an answer that opens no socket', () => {
  test.each([301, 302, 307, 308])('a redirect with %i is not followed', async (status) => {
    await using other = await badServer((head) => accept(head, 'mcp'));
    await using server = await badServer(
      () => `HTTP/1.1 ${status} Elsewhere\r\nlocation: ${other.url}\r\ncontent-length: 0\r\n\r\n`,
    );
    const error = await rejection(webSocketClient(server.url)().start(recorder()));
    expect(error).toMatchObject({ code: 'redirect-blocked', status, delivery: 'not-sent' });
    expect(other.requests).toEqual([]);
  });

  test('is quoted, as far as is of use', async () => {
    const text = `no   seats\n${'x'.repeat(100_000)}`;
    await using server = await badServer(
      () => `HTTP/1.1 503 Full\r\ncontent-length: ${text.length}\r\n\r\n${text}`,
    );
    const error = await rejection(webSocketClient(server.url)().start(recorder()));
    expect(error).toMatchObject({ code: 'refused', status: 503 });
    expect(error['message']).toContain('503: no seats xxx');
    expect(String(error['message']).length).toBeLessThan(400);
  });

  test('that breaks off in the middle', async () => {
    await using server = await badServer((_, socket) => {
      socket.write('HTTP/1.1 503 Full\r\ncontent-length: 100\r\n\r\nno', () => socket.destroy());
      return undefined;
    });
    const error = await rejection(webSocketClient(server.url)().start(recorder()));
    expect(error).toMatchObject({ delivery: 'not-sent' });
  });

  test('in another protocol', async () => {
    await using server = await badServer(() => 'SSH-2.0-OpenSSH_9.2\r\n');
    expect(await rejection(webSocketClient(server.url)().start(recorder()))).toMatchObject({
      name: 'TransportError',
    });
  });

  test('TLS where there is none', async () => {
    const server = createServer();
    await listening(server);
    const { port } = server.address() as AddressInfo;
    const link = webSocketClient(`wss://127.0.0.1:${port}`)();
    expect(await rejection(link.start(recorder()))).toMatchObject({ code: 'tls', delivery: 'not-sent' });
    await new Promise((resolve) => void server.close(resolve));
  });

  test('a name that does not exist', async () => {
    const link = webSocketClient('ws://mcp.invalid/')();
    expect(await rejection(link.start(recorder()))).toMatchObject({ code: 'not-sent', delivery: 'not-sent' });
  });
});
