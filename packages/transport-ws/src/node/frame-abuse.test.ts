import type { Socket } from 'node:net';
import type { TransportClosed } from '@trunkline/transport';
import { describe, expect, test } from 'vitest';
import { closeOf } from '../close-code.ts';
import { BINARY, CLOSE, closeFrame, CONTINUATION, frame, PING, PONG, TEXT } from '../fixtures/frames.ts';
import { rawClient } from '../fixtures/raw-client.ts';
import { echo, request } from '../fixtures/recorder.ts';
import { testServer } from '../fixtures/server.ts';
import { within } from '../fixtures/within.ts';

const MAX = 64 * 1024;
const CALL = JSON.stringify(request(1, { text: 'a😀b' }));
const ANSWER = { jsonrpc: '2.0', id: 1, result: { text: 'a😀b' } };

/** Sends the frames and tells how the server ended the socket, at both of its ends. */
async function abuse(...frames: readonly Uint8Array[]): Promise<{ code: number; closed: TransportClosed }> {
  await using server = await testServer({ maxMessageBytes: MAX, receiver: echo() });
  using client = await rawClient(server.port);
  const link = await server.link();
  client.send(...frames);
  const code = await client.closeCode();
  const closed = await within(link.closed, 'the end of the link');
  await within(client.closed, 'the end of the connection');
  return { code, closed };
}

async function answerTo(...frames: readonly Uint8Array[]): Promise<unknown> {
  await using server = await testServer({ maxMessageBytes: MAX, receiver: echo() });
  using client = await rawClient(server.port);
  client.send(...frames);
  return JSON.parse((await client.next()).payload.toString());
}

describe('what breaks the protocol ends the link', () => {
  const hex = (text: string): Buffer => Buffer.from(text, 'hex');
  test.each<[name: string, code: number, word: string, frames: readonly Uint8Array[]]>([
    ['a frame without a mask', 1002, 'malformed', [frame({ opcode: TEXT, payload: CALL, masked: false })]],
    ['all reserved bits', 1002, 'malformed', [hex('f18000000000')]],
    ['the first reserved bit', 1002, 'malformed', [frame({ opcode: TEXT, rsv: 4, payload: CALL })]],
    [
      'a reserved bit of a continuation',
      1002,
      'malformed',
      [frame({ opcode: TEXT, fin: false, payload: '{' }), frame({ opcode: CONTINUATION, rsv: 4 })],
    ],
    ['a reserved bit of a ping', 1002, 'malformed', [frame({ opcode: PING, rsv: 4 })]],
    ['reserved opcode 3', 1002, 'malformed', [hex('838000000000')]],
    ['reserved opcode 7', 1002, 'malformed', [frame({ opcode: 0x7, payload: CALL })]],
    ['reserved control opcode 11', 1002, 'malformed', [frame({ opcode: 0xb })]],
    ['reserved control opcode 15', 1002, 'malformed', [frame({ opcode: 0xf })]],
    ['a continuation of nothing', 1002, 'malformed', [frame({ opcode: CONTINUATION, payload: CALL })]],
    [
      'a new message while one is open',
      1002,
      'malformed',
      [frame({ opcode: TEXT, fin: false, payload: '{' }), frame({ opcode: TEXT, payload: CALL })],
    ],
    ['a fragmented ping', 1002, 'malformed', [frame({ opcode: PING, fin: false })]],
    ['a ping of 126 bytes', 1002, 'malformed', [frame({ opcode: PING, payload: 'x'.repeat(126) })]],
    ['a fragmented closing frame', 1002, 'malformed', [frame({ opcode: CLOSE, fin: false })]],
    ['a closing frame of one byte', 1002, 'malformed', [frame({ opcode: CLOSE, payload: 'x' })]],
    ...[0, 999, 1004, 1005, 1006, 1015, 2000, 2999, 5000, 65_535].map(
      (code): [string, number, string, readonly Uint8Array[]] => [
        `close code ${code}`,
        1002,
        'malformed',
        [closeFrame(code)],
      ],
    ),
    ['a reason that is no UTF-8', 1007, 'malformed', [frame({ opcode: CLOSE, payload: hex('03e8ff') })]],
    ['a binary frame', 1003, 'malformed', [frame({ opcode: BINARY, payload: CALL })]],
    ['text that is no UTF-8', 1007, 'malformed', [frame({ opcode: TEXT, payload: hex('22ff22') })]],
    [
      'half of a surrogate pair in UTF-8',
      1007,
      'malformed',
      [frame({ opcode: TEXT, payload: hex('7b226964223a22eda080227d') })],
    ],
    [
      'text that ends inside a character',
      1007,
      'malformed',
      [frame({ opcode: TEXT, payload: hex('22f09f98') })],
    ],
    ['a declared length of 2 GiB', 1009, 'too-large', [frame({ opcode: TEXT, length: 2n ** 31n })]],
    ['a declared length of 2^63 bytes', 1009, 'too-large', [frame({ opcode: TEXT, length: 2n ** 63n })]],
    [
      'one byte more than the limit',
      1009,
      'too-large',
      [frame({ opcode: TEXT, payload: 'x'.repeat(MAX + 1) })],
    ],
    [
      'fragments that together exceed the limit',
      1009,
      'too-large',
      [
        frame({ opcode: TEXT, fin: false, payload: 'x'.repeat(MAX) }),
        frame({ opcode: CONTINUATION, payload: 'x' }),
      ],
    ],
    [
      'more than 1,024 fragments',
      1008,
      'too-large',
      [
        frame({ opcode: TEXT, fin: false, payload: '[' }),
        ...Array.from({ length: 1024 }, () => frame({ opcode: CONTINUATION, fin: false, payload: ' ' })),
      ],
    ],
    [
      'endless empty fragments',
      1008,
      'too-large',
      [
        frame({ opcode: TEXT, fin: false }),
        ...Array.from({ length: 1100 }, () => frame({ opcode: CONTINUATION, fin: false })),
      ],
    ],
  ])('%s: %i', async (_, code, word, frames) => {
    const ended = await abuse(...frames);
    expect(ended.code).toBe(code);
    expect(ended.closed.cause).toMatchObject({ code: word, status: code });
  });

  test('a hundred unreadable messages in a row: 1008', async () => {
    const { code, closed } = await abuse(
      ...Array.from({ length: 100 }, () => frame({ opcode: TEXT, payload: '{nope' })),
    );
    expect(code).toBe(1008);
    expect(closed).toMatchObject({ by: 'local', cause: { code: 'malformed' } });
  });
});

describe('what the protocol allows is understood', () => {
  const bytes = Buffer.from(CALL);
  const inEmoji = bytes.indexOf(Buffer.from('😀')) + 1;

  test('a message in three fragments that split a character', async () => {
    const answer = await answerTo(
      frame({ opcode: TEXT, fin: false, payload: bytes.subarray(0, inEmoji) }),
      frame({ opcode: CONTINUATION, fin: false, payload: bytes.subarray(inEmoji, inEmoji + 2) }),
      frame({ opcode: CONTINUATION, payload: bytes.subarray(inEmoji + 2) }),
    );
    expect(answer).toEqual(ANSWER);
  });

  test('empty fragments around a message', async () => {
    const empty = frame({ opcode: CONTINUATION, fin: false });
    const answer = await answerTo(
      frame({ opcode: TEXT, fin: false }),
      empty,
      frame({ opcode: CONTINUATION, fin: false, payload: bytes }),
      empty,
      frame({ opcode: CONTINUATION }),
    );
    expect(answer).toEqual(ANSWER);
  });

  test('every byte in a piece of its own, and all at once', async () => {
    await using server = await testServer({ receiver: echo() });
    using client = await rawClient(server.port);
    client.socket.setNoDelay(true);
    const whole = frame({ opcode: TEXT, payload: CALL });
    for (const byte of whole) {
      client.socket.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(JSON.parse((await client.next()).payload.toString())).toEqual(ANSWER);
    client.send(whole, whole, whole);
    for (let answers = 0; answers < 3; answers += 1) {
      expect(JSON.parse((await client.next()).payload.toString())).toEqual(ANSWER);
    }
  });

  test('a ping between two fragments is answered first, with what it carried', async () => {
    await using server = await testServer({ receiver: echo() });
    using client = await rawClient(server.port);
    client.send(
      frame({ opcode: TEXT, fin: false, payload: bytes.subarray(0, 5) }),
      frame({ opcode: PING, payload: 'marco' }),
      frame({ opcode: PONG, payload: 'nobody asked' }),
      frame({ opcode: CONTINUATION, payload: bytes.subarray(5) }),
    );
    expect(await client.next()).toEqual({ opcode: PONG, payload: Buffer.from('marco') });
    expect(JSON.parse((await client.next()).payload.toString())).toEqual(ANSWER);
  });

  test('one unreadable message is answered with an error and the link lives', async () => {
    await using server = await testServer({ receiver: echo() });
    using client = await rawClient(server.port);
    client.send(frame({ opcode: TEXT, payload: `${CALL}${CALL}` }), frame({ opcode: TEXT, payload: CALL }));
    expect(JSON.parse((await client.next()).payload.toString())).toMatchObject({ error: { code: -32700 } });
    expect(JSON.parse((await client.next()).payload.toString())).toEqual(ANSWER);
  });

  test('a byte order mark is no JSON', async () => {
    const answer = await answerTo(frame({ opcode: TEXT, payload: `\uFEFF${CALL}` }));
    expect(answer).toMatchObject({ error: { code: -32700 } });
  });

  test('what follows a closing frame is discarded', async () => {
    const heard = echo();
    await using server = await testServer({ receiver: heard });
    using client = await rawClient(server.port);
    const link = await server.link();
    client.send(closeFrame(1000), frame({ opcode: TEXT, payload: CALL }));
    expect(await client.closeCode()).toBe(1000);
    expect(await within(link.closed, 'the end of the link')).toEqual({ by: 'remote' });
    expect(heard.messages).toEqual([]);
  });

  test.each([
    [1000, undefined],
    [1001, { code: 'closed', status: 1001 }],
    [1009, { code: 'too-large', status: 1009 }],
    [1011, { code: 'closed', status: 1011 }],
    [1013, { code: 'refused', status: 1013 }],
    [3000, { code: 'closed', status: 3000 }],
    [4999, { code: 'closed', status: 4999 }],
  ])('close code %i is echoed and kept as the cause', async (code, cause) => {
    const ended = await abuse(closeFrame(code, code === 1000 ? '' : 'so long'));
    expect(ended.code).toBe(code);
    expect(ended.closed.by).toBe('remote');
    if (cause === undefined) return expect(ended.closed.cause).toBeUndefined();
    expect(ended.closed.cause).toMatchObject(cause);
    expect(closeOf(ended.closed.cause)).toEqual({ code, reason: 'so long' });
  });
});

describe('a peer that only takes', () => {
  test('a flood of pings that reads no pong costs no memory', async () => {
    await using server = await testServer({ receiver: echo() });
    using client = await rawClient(server.port);
    await server.link();
    client.socket.pause();
    const flood = Buffer.concat(
      Array.from({ length: 1000 }, () => frame({ opcode: PING, payload: 'x'.repeat(125) })),
    );
    for (let sent = 0; sent < 200; sent += 1) await write(client.socket, flood);
    const [socket] = server.sockets;
    expect(socket?.writableLength).toBeLessThan(2 * 1024 * 1024);
  });
});

function write(socket: Socket, bytes: Uint8Array): Promise<void> {
  return within(
    new Promise((resolve, reject) => {
      socket.write(bytes, (error) => (error ? reject(error) : resolve()));
    }),
    'the server to read',
  );
}
