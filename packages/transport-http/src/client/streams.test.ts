import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linked, lossOf, MODERN, type Outcome } from '../fixtures/linked.ts';
import { event, resultOf, scripted } from '../fixtures/scripted-server.ts';
import { within } from '../fixtures/within.ts';

async function outcomeOf(stream: string): Promise<{ outcome: Outcome; faults: readonly { code: string }[] }> {
  await using server = await scripted((hit) => void hit.stream(stream).end());
  await using client = await linked(server.url);
  return { outcome: await client.ask('m', { revision: MODERN }), faults: client.faults };
}

const ANSWER = JSON.stringify(resultOf(1));
const OK = { answer: resultOf(1) };

describe('server-sent events', () => {
  test.each([
    ['lines that end with CR (F015)', `data: ${ANSWER}\r\r`],
    ['lines that end with CRLF', `data: ${ANSWER}\r\n\r\n`],
    [
      'comments, an id, a retry and two lines of data (F017)',
      ': comment\n:\nevent: message\nid: 1\nretry: 10\ndata: {"jsonrpc":"2.0",\ndata: "id":1,"result":{}}\n\n',
    ],
    ['an id with NUL (F018)', `id: a\u0000b\ndata: {}\n\ndata: ${ANSWER}\n\n`],
    ['waits that are none (F019)', `retry: -5\nretry: 99999999999999\nretry: abc\n\ndata: ${ANSWER}\n\n`],
    ['a byte order mark', `\ufeffdata: ${ANSWER}\n\n`],
    ['fields that nobody knows', `foo: bar\nfoo\ndata: ${ANSWER}\n\n`],
    [
      'events of other types',
      `event: ping\ndata: ${JSON.stringify(resultOf(1, { ping: true }))}\n\n${event(resultOf(1))}`,
    ],
    ['events without data', `id: 1\ndata:\n\nid: 2\ndata\n\n${event(resultOf(1))}`],
    ['no blank after the colon', `data:${ANSWER}\n\n`],
  ])('are read with %s', async (_, stream) => {
    expect((await outcomeOf(stream)).outcome).toEqual(OK);
  });

  test('one that is no message is a fault and costs nothing else (F022)', async () => {
    const { outcome, faults } = await outcomeOf(`data: {bad\n\ndata: ${ANSWER}\n\n`);
    expect(outcome).toEqual(OK);
    expect(faults).toMatchObject([{ code: 'malformed' }]);
  });

  test('that are all bad say so at the end', async () => {
    const { outcome, faults } = await outcomeOf('data: {bad\n\n'.repeat(150));
    expect(lossOf(outcome)).toMatchObject({ code: 'malformed' });
    expect(faults).toHaveLength(150);
  });
});

describe('however a stream is cut, the same arrives', () => {
  const text = 'a\u00e4\u20ac\ud83d\ude00\u2028\u0000';
  const stream = [
    ': hello\r\n\r\n',
    event({ jsonrpc: '2.0', method: 'first', params: { text } }, { id: '1' }),
    'retry: 500\n\n',
    `event: message\rid: 2\rdata: {"jsonrpc":"2.0",\rdata: "method":"second"}\r\r`,
    event(resultOf(1, { text }), { id: '3' }),
  ].join('');
  const expected = [
    { jsonrpc: '2.0', method: 'first', params: { text } },
    { jsonrpc: '2.0', method: 'second' },
    resultOf(1, { text }),
  ];

  test('at random places', async () => {
    const bytes = Buffer.from(stream);
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        expect(
          await messagesOf(
            bytes,
            places.toSorted((a, b) => a - b),
          ),
        ).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  test('after each byte (F024)', async () => {
    const bytes = Buffer.from(stream);
    expect(await messagesOf(bytes, [...bytes.keys()].slice(1))).toEqual(expected);
  });

  /** Each piece is a chunk of its own: nothing on the way puts them together. */
  async function messagesOf(bytes: Buffer, cuts: readonly number[]): Promise<unknown[]> {
    const bounds = [0, ...cuts, bytes.length];
    const pieces = bounds.slice(1).map((end, index) => new Uint8Array(bytes.subarray(bounds[index], end)));
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const piece = pieces.shift();
        if (piece) controller.enqueue(piece);
        else controller.close();
      },
    });
    const fetch = async (): Promise<Response> =>
      new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    await using client = await linked('http://127.0.0.1/mcp', { fetch });
    await client.ask('m', { revision: MODERN });
    return [...client.messages];
  }

  test('over a real connection, byte by byte (F024)', async () => {
    const bytes = Buffer.from(stream);
    await using server = await scripted((hit) => {
      const response = hit.stream();
      response.socket?.setNoDelay(true);
      let sent = 0;
      const next = (): void => {
        if (sent === bytes.length) return void response.end();
        response.write(bytes.subarray(sent, ++sent), () => setImmediate(next));
      };
      next();
    });
    await using client = await linked(server.url);
    await client.ask('m', { revision: MODERN });
    expect(client.messages).toEqual(expected);
  });
});

test('a receiver that asks for time stops the reader, and the server with it (F-045)', async () => {
  let goOn = (): void => {};
  const gate = new Promise<void>((resolve) => (goOn = resolve));
  let sent = 0;
  let stalled = (): void => {};
  const full = new Promise<void>((resolve) => (stalled = resolve));
  await using server = await scripted((hit) => {
    const response = hit.stream();
    const pad = 'x'.repeat(64 * 1024);
    const more = (): void => {
      while (sent < 1024) {
        sent += 1;
        if (!response.write(event({ jsonrpc: '2.0', method: 'n', params: { pad } }))) {
          const timer = setTimeout(stalled, 200);
          return void response.once('drain', () => (clearTimeout(timer), more()));
        }
      }
      response.end(event(resultOf(1)));
    };
    more();
  });
  await using client = await linked(server.url, {}, { take: () => gate });
  const id = await client.send('m', { revision: MODERN });
  await within(full, 'the server to be held back');
  expect(client.messages).toHaveLength(1);
  expect(sent).toBeLessThan(1024);
  goOn();
  expect(await client.outcome(id)).toEqual(OK);
  expect(client.messages).toHaveLength(1025);
});

test('a server that does not end its stream after the answer is left, soon', async () => {
  let left = (): void => {};
  const gone = new Promise<void>((resolve) => (left = resolve));
  await using server = await scripted((hit) => void hit.stream(event(resultOf(1))).on('close', left));
  await using client = await linked(server.url);
  expect(await client.ask('m', { revision: MODERN })).toEqual(OK);
  await within(gone, 'the end of the connection');
});
