import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { LEGACY, linked, lossOf, MODERN } from '../fixtures/linked.ts';
import { event, resultOf, scripted, type Hit } from '../fixtures/scripted-server.ts';
import type { HttpClientOptions } from './options.ts';

/** What becomes of one modern request that is answered so; the link must be as good as new after it. */
async function outcomeOf(
  script: (hit: Hit) => void,
  options: HttpClientOptions = {},
): Promise<{
  outcome: Awaited<ReturnType<Awaited<ReturnType<typeof linked>>['ask']>>;
  faults: readonly { code: string; inReplyTo?: unknown }[];
  orphans: number;
}> {
  await using server = await scripted((hit, index) =>
    index === 0 ? script(hit) : hit.result({ again: true }),
  );
  await using client = await linked(server.url, options);
  const outcome = await client.ask('m', { revision: MODERN });
  const again = await client.ask('m', { revision: MODERN });
  expect(again).toEqual({ answer: resultOf(2, { again: true }) });
  return { outcome, faults: client.faults, orphans: client.orphans.length };
}

const OK = { answer: resultOf(1, {}) };

describe('an answer', () => {
  test('is a JSON body', async () => {
    const { outcome } = await outcomeOf((hit) => hit.result());
    expect(outcome).toEqual(OK);
  });

  test('is a JSON body with parameters of its type', async () => {
    const { outcome } = await outcomeOf((hit) =>
      hit.answer(resultOf(1), 200, { 'content-type': 'Application/JSON; charset=utf-8' }),
    );
    expect(outcome).toEqual(OK);
  });

  test('is an event', async () => {
    const { outcome } = await outcomeOf((hit) => void hit.stream(event(resultOf(1))).end());
    expect(outcome).toEqual(OK);
  });

  test.each([400, 404, 500, 503])('is the JSON-RPC error in a body with status %d (F007)', async (status) => {
    const error = { code: -32603, message: 'boom', data: { a: 1 } };
    const { outcome } = await outcomeOf((hit) => hit.answer({ jsonrpc: '2.0', id: 1, error }, status));
    expect(outcome).toEqual({ answer: { jsonrpc: '2.0', id: 1, error } });
  });

  test.each([null, undefined])('is the error in a body whose id is %s', async (id) => {
    const error = { code: -32700, message: 'what?' };
    const { outcome } = await outcomeOf((hit) => hit.answer({ jsonrpc: '2.0', id, error }, 400));
    expect(outcome).toEqual({ answer: { jsonrpc: '2.0', id: 1, error } });
  });

  test.each([401, 403])('is never read from a body with status %d', async (status) => {
    const error = { code: -32603, message: 'boom' };
    const { outcome } = await outcomeOf((hit) => hit.answer({ jsonrpc: '2.0', id: 1, error }, status));
    expect(lossOf(outcome)).toMatchObject({ code: 'refused', status, delivery: 'answered' });
  });

  test('that is complete closes nothing and loses nothing that comes later', async () => {
    const { faults, orphans } = await outcomeOf((hit) => {
      hit
        .stream(
          event(resultOf(1)) +
            event(resultOf(1, { second: true })) +
            event({ jsonrpc: '2.0', method: 'late' }),
        )
        .end();
    });
    expect([faults.length, orphans]).toEqual([0, 0]);
  });
});

describe('a request is orphaned at once', () => {
  test.each<[string, (hit: Hit) => void]>([
    [
      'a connection cut in the middle of an event (F002)',
      (hit) => void hit.stream('data: {"jsonrpc":"2.0",', {}).write('"id"', () => hit.response.destroy()),
    ],
    ['a connection cut before the head', (hit) => void hit.response.destroy()],
    [
      'a stream that ends without the answer',
      (hit) => void hit.stream(event({ jsonrpc: '2.0', method: 'n' })).end(),
    ],
    [
      'an event cut off by the end (F023)',
      (hit) => void hit.stream(`data: ${JSON.stringify(resultOf(1))}`).end(),
    ],
    [
      'an event cut off before its blank line',
      (hit) => void hit.stream(`data: ${JSON.stringify(resultOf(1))}\n`).end(),
    ],
    [
      'a body shorter than its length (F003)',
      (hit) =>
        void hit.response
          .writeHead(200, { 'content-type': 'application/json', 'content-length': '500' })
          .write('{"jsonrpc":"2.0"', () => hit.response.destroy()),
    ],
    ['202 (F006)', (hit) => hit.reply(202)],
    ['204 (F006)', (hit) => hit.reply(204)],
    ['200 and nothing', (hit) => hit.reply(200)],
  ])('for %s', async (_, script) => {
    const { outcome } = await outcomeOf(script);
    expect(lossOf(outcome)).toMatchObject({ code: 'stream-ended' });
  });

  test('for a JSON body that is not UTF-8', async () => {
    const { outcome } = await outcomeOf((hit) => {
      hit.response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(Buffer.from([0x7b, 0xff, 0x7d]));
    });
    expect(lossOf(outcome)).toMatchObject({ code: 'malformed' });
  });

  test.each(['text/html', 'application/problem+json', 'application/octet-stream'])(
    'for a body of type %s',
    async (type) => {
      const { outcome } = await outcomeOf((hit) => hit.reply(200, '<html>', { 'content-type': type }));
      expect(lossOf(outcome)).toMatchObject({
        code: 'malformed',
        status: 200,
        message: expect.stringContaining(type),
      });
    },
  );

  test('for a status that explains itself in text', async () => {
    const { outcome } = await outcomeOf((hit) =>
      hit.reply(502, 'upstream\n  gone', { 'content-type': 'text/plain' }),
    );
    expect(lossOf(outcome)).toMatchObject({
      code: 'refused',
      status: 502,
      message: expect.stringContaining('502: upstream gone'),
    });
  });

  test('for a status with a page, of which nothing is told', async () => {
    const { outcome } = await outcomeOf((hit) =>
      hit.reply(404, '<html>secret</html>', { 'content-type': 'text/html' }),
    );
    expect(lossOf(outcome).message).toBe('refused: the server answered with status 404');
  });

  test('for a head that does not come in time', async () => {
    const { outcome } = await outcomeOf(() => {}, { headTimeout: 50 });
    expect(lossOf(outcome)).toMatchObject({ code: 'timed-out', delivery: 'unknown' });
  });

  test('for a stream that falls silent', async () => {
    const { outcome } = await outcomeOf((hit) => void hit.stream(': hello\n\n'), { idleTimeout: 50 });
    expect(lossOf(outcome)).toMatchObject({
      code: 'stream-ended',
      message: expect.stringContaining('50 ms'),
    });
  });
});

describe('a JSON body that is no answer', () => {
  test.each<[string, string]>([
    ['{nope (F004)', '{nope'],
    ['nothing', ''],
    ['a byte order mark and no JSON', '\ufeff{'],
    ['a number', '42'],
    ['glued JSON', `${JSON.stringify(resultOf(1))}${JSON.stringify(resultOf(1))}`],
  ])('names its request where it is %s', async (_, body) => {
    const { outcome, orphans } = await outcomeOf((hit) =>
      hit.reply(200, body, { 'content-type': 'application/json' }),
    );
    expect(outcome).toMatchObject({ fault: { code: 'malformed', inReplyTo: 1 } });
    expect(orphans).toBe(0);
  });
});

describe('an answer with the id of another', () => {
  test('names its request where it is all there is', async () => {
    const { outcome, orphans } = await outcomeOf((hit) => hit.answer(resultOf('1')));
    expect(outcome).toMatchObject({ fault: { code: 'malformed', inReplyTo: 1 } });
    expect(orphans).toBe(0);
  });

  test('is a fault on a stream, and the right one is taken', async () => {
    const { outcome, faults } = await outcomeOf(
      (hit) => void hit.stream(event(resultOf(7)) + event(resultOf(1))).end(),
    );
    expect(outcome).toEqual(OK);
    expect(faults).toMatchObject([{ code: 'malformed' }]);
    expect(faults[0]?.inReplyTo).toBeUndefined();
  });

  test('explains the loss where the right one never comes', async () => {
    const { outcome } = await outcomeOf((hit) => void hit.stream(event(resultOf(7))).end());
    expect(lossOf(outcome)).toMatchObject({ code: 'malformed', message: expect.stringContaining('7') });
  });
});

describe('a defective answer', () => {
  const defective = { jsonrpc: '2.0', id: 1, result: {}, error: { code: 1, message: 'x' } };
  test.each<[string, (hit: Hit) => void]>([
    ['body', (hit) => hit.answer(defective)],
    ['event', (hit) => void hit.stream(event(defective)).end()],
  ])('in a %s is a fault that names its request', async (_, script) => {
    const { outcome, orphans } = await outcomeOf(script);
    expect(outcome).toMatchObject({ fault: { code: 'malformed', inReplyTo: 1 } });
    expect(orphans).toBe(0);
  });
});

describe('what is too large is given up, decoded bytes counted', () => {
  const limit = 64 * 1024;
  const big = JSON.stringify(resultOf(1, { text: 'x'.repeat(1024 * 1024) }));

  test.each<[string, (hit: Hit) => void]>([
    ['a body', (hit) => hit.reply(200, big, { 'content-type': 'application/json' })],
    ['an event (F012)', (hit) => void hit.stream(`data: ${big}`)],
    ['an event of many lines', (hit) => void hit.stream(`data: ${'x'.repeat(1024)}\n`.repeat(1024))],
    ['a line that never ends (F012)', (hit) => flood(hit)],
    ['a gzip bomb (F014)', (hit) => bomb(hit, 'gzip')],
    ['a brotli bomb (F014)', (hit) => bomb(hit, 'br')],
    ['a gzip bomb as an event (F014)', (hit) => bomb(hit, 'gzip', 'text/event-stream')],
  ])('%s', async (_, script) => {
    const { outcome } = await outcomeOf(script, { maxMessageBytes: limit });
    expect(lossOf(outcome)).toMatchObject({ code: 'too-large' });
  });

  test('what is deep', async () => {
    const deep = `{"jsonrpc":"2.0","id":1,"result":${'{"a":'.repeat(80)}1${'}'.repeat(80)}}`;
    const { outcome } = await outcomeOf((hit) =>
      hit.reply(200, deep, { 'content-type': 'application/json' }),
    );
    expect(outcome).toMatchObject({ fault: { code: 'too-large', inReplyTo: 1 } });
  });

  test('but depth may be allowed', async () => {
    const deep = `{"jsonrpc":"2.0","id":1,"result":${'{"a":'.repeat(80)}1${'}'.repeat(80)}}`;
    const { outcome } = await outcomeOf(
      (hit) => hit.reply(200, deep, { 'content-type': 'application/json' }),
      { message: { maxDepth: 100 } },
    );
    expect(outcome).toHaveProperty('answer');
  });

  /** Writes until nobody reads any more. */
  function flood(hit: Hit): void {
    const response = hit.stream('data: ');
    const more = (): void => {
      if (!response.destroyed) response.write('x'.repeat(16 * 1024), () => setImmediate(more));
    };
    more();
  }

  function bomb(hit: Hit, encoding: 'gzip' | 'br', type = 'application/json'): void {
    const body = Buffer.alloc(32 * 1024 * 1024, 0x20);
    const packed = encoding === 'gzip' ? gzipSync(body) : brotliCompressSync(body, { params: { 1: 1 } });
    hit.response.writeHead(200, { 'content-type': type, 'content-encoding': encoding }).end(packed);
  }
});

describe('what cannot be reached', () => {
  test('did not get the message', async () => {
    const port = await freePort();
    await using client = await linked(`http://127.0.0.1:${port}/mcp`);
    expect(lossOf(await client.ask())).toMatchObject({ code: 'not-sent', delivery: 'not-sent' });
    await expect(client.notify('n')).rejects.toMatchObject({ code: 'not-sent', delivery: 'not-sent' });
  });

  test('by name did not get it either', async () => {
    await using client = await linked('http://nobody.invalid/mcp');
    expect(lossOf(await client.ask())).toMatchObject({ delivery: 'not-sent' });
  });

  test('because it answers something that is no HTTP may have got it', async () => {
    const server = createServer((socket) => void socket.resume().end('220 mail.example ESMTP\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await using client = await linked(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
    expect(lossOf(await client.ask())).toMatchObject({ delivery: 'unknown' });
    await new Promise((resolve) => server.close(resolve));
  });

  test('because a browser does not say why has status 0', async () => {
    await using client = await linked('http://127.0.0.1/mcp', {
      fetch: () => Promise.reject(new TypeError('Failed to fetch')),
    });
    expect(lossOf(await client.ask())).toMatchObject({ code: 'refused', status: 0, delivery: 'unknown' });
  });

  test('because a fetch of its own refuses is not taken for a browser', async () => {
    const cause = new Error('no token');
    await using client = await linked('http://127.0.0.1/mcp', { fetch: () => Promise.reject(cause) });
    const loss = lossOf(await client.ask());
    expect(loss).toMatchObject({ code: 'refused', cause });
    expect(loss.status).toBeUndefined();
  });

  async function freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
});

describe('a notification', () => {
  test('is sent once the server took it', async () => {
    await using server = await scripted((hit) => hit.reply(202));
    await using client = await linked(server.url);
    await client.notify('n', { revision: LEGACY });
    expect(server.hits[0]?.json).toEqual({ jsonrpc: '2.0', method: 'n' });
    expect(server.hits[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': LEGACY,
    });
  });

  test('that the server turns away rejects, with the status', async () => {
    await using server = await scripted((hit) =>
      hit.answer({ jsonrpc: '2.0', error: { code: -32600, message: 'no' } }, 400),
    );
    await using client = await linked(server.url);
    await expect(client.notify('n')).rejects.toMatchObject({
      code: 'refused',
      status: 400,
      delivery: 'answered',
    });
  });

  test('does not wait for a body that never ends', async () => {
    await using server = await scripted((hit) => void hit.stream('data: x'));
    await using client = await linked(server.url);
    await expect(client.notify('n')).resolves.toBeUndefined();
  });
});

test('headers of one call are sent with that call only, and refused before it is sent', async () => {
  await using server = await scripted((hit) => hit.result());
  await using client = await linked(server.url, { headers: { 'x-all': '1' } });
  await client.ask('m', { http: { headers: { 'X-One': '2' } } });
  await client.ask('m');
  expect(server.hits.map(({ headers }) => [headers['x-all'], headers['x-one']])).toEqual([
    ['1', '2'],
    ['1', undefined],
  ]);
  await expect(client.send('m', { http: { headers: { 'Mcp-Name': 'x' } } })).rejects.toMatchObject({
    code: 'misuse',
  });
  expect(server.hits).toHaveLength(2);
});
