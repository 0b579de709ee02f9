import { describe, expect, test } from 'vitest';
import { fakePace, type FakePace } from '../fixtures/fake-pace.ts';
import { LEGACY, linked, lossOf, type Linked } from '../fixtures/linked.ts';
import { event, resultOf, scripted, type Hit, type ScriptedServer } from '../fixtures/scripted-server.ts';
import { within } from '../fixtures/within.ts';

/** A session in which each call, and each connection after it, is answered by the next step. */
interface Play extends AsyncDisposable {
  readonly client: Linked;
  readonly server: ScriptedServer;
  readonly pace: FakePace;
  /** What the connections that took up the stream asked for. */
  readonly resumed: readonly (string | undefined)[];
}

type Step = (hit: Hit) => void;

/** The session offers no stream of its own; `m` is the call that the steps answer. */
async function play(
  steps: readonly Step[],
  { attempts = 10, maxMessageBytes = 1_000_000 } = {},
): Promise<Play> {
  const pace = fakePace();
  const resumed: (string | undefined)[] = [];
  const left = [...steps];
  const server = await scripted((hit) => {
    const method = hit.method === 'POST' ? hit.json['method'] : hit.method;
    if (method === 'initialize') return hit.result({}, { 'mcp-session-id': 's' });
    if (method === 'notifications/initialized') return hit.reply(202);
    if (method === 'DELETE') return hit.reply(200);
    const place = hit.headers['last-event-id'] as string | undefined;
    if (method === 'GET' && place === undefined) return hit.reply(405);
    if (method === 'GET') resumed.push(place);
    const step = left.shift();
    return step ? step(hit) : hit.reply(500);
  });
  const client = await linked(server.url, { reconnect: { attempts }, maxMessageBytes }, { pace });
  await client.ask('initialize');
  await client.notify('notifications/initialized', { revision: LEGACY });
  return {
    client,
    server,
    pace,
    resumed,
    async [Symbol.asyncDispose]() {
      await client.link.close();
      await server.close();
    },
  };
}

const ID = 2;
const call = (client: Linked): ReturnType<Linked['ask']> => client.ask('m', { revision: LEGACY });
const note = (number: number): { jsonrpc: string; method: string; params: { number: number } } => ({
  jsonrpc: '2.0',
  method: 'n',
  params: { number },
});
const numbersOf = (client: Linked): unknown[] =>
  client.messages.flatMap((message) => ('params' in message ? [message.params?.['number']] : []));

describe('a stream that breaks is taken up again where it broke', () => {
  const events = [
    event('', { id: 'e0' }),
    ...[1, 2, 3, 4].map((number) => event(note(number), { id: `e${number}` })),
    event(resultOf(ID), { id: 'e5' }),
  ];

  test.each(events.map((_, index) => index).slice(1))('after event %d of 6 (F-050)', async (cut) => {
    await using session = await play([
      (hit) => hit.stream(events.slice(0, cut).join('')).write('', () => hit.response.destroy()),
      (hit) => void hit.stream(events.slice(cut).join('')).end(),
    ]);
    expect(await call(session.client)).toEqual({ answer: resultOf(ID) });
    expect(numbersOf(session.client)).toEqual([1, 2, 3, 4]);
    expect(session.resumed).toEqual([`e${cut - 1}`]);
  });

  test('after each byte of an event (F-050)', async () => {
    const [first = '', second = '', ...rest] = events;
    for (let cut = 1; cut < second.length; cut += 1) {
      await using session = await play([
        (hit) => void hit.stream(first + second.slice(0, cut)).end(),
        (hit) => void hit.stream(second + rest.join('')).end(),
      ]);
      expect(await call(session.client)).toEqual({ answer: resultOf(ID) });
      expect(numbersOf(session.client)).toEqual([1, 2, 3, 4]);
      expect(session.resumed).toEqual(['e0']);
    }
  });

  test.each([2, 5])('at the same place, %d breaks later (F-051)', async (breaks) => {
    await using session = await play([
      (hit) => void hit.stream(event(note(1), { id: 'e1' })).end(),
      ...Array.from(
        { length: breaks },
        (): Step => (hit) => hit.stream().write(': nothing\n\n', () => hit.response.destroy()),
      ),
      (hit) => void hit.stream(event(resultOf(ID), { id: 'e2' })).end(),
    ]);
    expect(await call(session.client)).toEqual({ answer: resultOf(ID) });
    expect(session.resumed).toEqual(Array(breaks + 1).fill('e1'));
  });

  test('and what is repeated is heard once (F025, F-052)', async () => {
    const five = [1, 2, 3, 4, 5].map((number) => event(note(number), { id: `e${number}` })).join('');
    await using session = await play([
      (hit) => void hit.stream(five).end(),
      (hit) => void hit.stream(five + event(note(6), { id: 'e6' }) + event(resultOf(ID), { id: 'e7' })).end(),
    ]);
    expect(await call(session.client)).toEqual({ answer: resultOf(ID) });
    expect(numbersOf(session.client)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('and events of another stream are left out (F-052)', async () => {
    await using session = await play([
      (hit) => void hit.stream(event(note(1), { id: 'e1' })).end(),
      (hit) => void hit.stream(event(resultOf(99), { id: 'x1' }) + event(resultOf(ID), { id: 'e2' })).end(),
    ]);
    expect(await call(session.client)).toEqual({ answer: resultOf(ID) });
    expect(session.client.faults).toMatchObject([{ code: 'malformed' }]);
  });

  test('but ids that clash with those of another stream cost nothing', async () => {
    const same =
      (id: number): Step =>
      (hit) =>
        void hit.stream(event(note(id), { id: '1' }) + event(resultOf(id), { id: '2' })).end();
    await using session = await play([same(2), same(3)]);
    expect(await call(session.client)).toEqual({ answer: resultOf(2) });
    expect(await call(session.client)).toEqual({ answer: resultOf(3) });
    expect(numbersOf(session.client)).toEqual([2, 3]);
  });

  test('with an id that no header can carry from the event before it', async () => {
    await using session = await play([
      (hit) =>
        void hit
          .stream(
            event(note(1), { id: 'e1' }) +
              event(note(2), { id: 'e\u20ac' }) +
              event(note(3), { id: 'x'.repeat(2_000) }),
          )
          .end(),
      (hit) => void hit.stream(event(note(2), { id: 'e\u20ac' }) + event(resultOf(ID), { id: 'e4' })).end(),
    ]);
    expect(await call(session.client)).toEqual({ answer: resultOf(ID) });
    expect(session.resumed).toEqual(['e1']);
    expect(numbersOf(session.client)).toEqual([1, 2, 3]);
  });
});

describe('a stream that cannot be taken up again orphans its request', () => {
  test('at once where it has no ids', async () => {
    await using session = await play([(hit) => void hit.stream(event(note(1))).end()]);
    expect(lossOf(await call(session.client))).toMatchObject({ code: 'stream-ended', delivery: 'unknown' });
    expect(session.pace.slept).toEqual([]);
  });

  test.each([400, 405, 410])(
    'with status %d, because something was missed (F-052, F-054)',
    async (status) => {
      await using session = await play([
        (hit) => void hit.stream(event(note(1), { id: 'e1' })).end(),
        (hit) => hit.reply(status),
      ]);
      expect(lossOf(await call(session.client))).toMatchObject({ code: 'resume-gap', cause: { status } });
    },
  );

  test.each([401, 403])('with status %d, for what it is', async (status) => {
    await using session = await play([
      (hit) => void hit.stream(event(note(1), { id: 'e1' })).end(),
      (hit) => hit.reply(status),
    ]);
    expect(lossOf(await call(session.client))).toMatchObject({ code: 'refused', status });
  });

  test('after attempts enough, each later than the one before', async () => {
    await using session = await play([(hit) => void hit.stream(event(note(1), { id: 'e1' })).end()], {
      attempts: 4,
    });
    expect(lossOf(await call(session.client))).toMatchObject({
      code: 'stream-ended',
      cause: { status: 500 },
    });
    expect(session.pace.slept).toEqual([500, 1_000, 2_000, 4_000]);
  });

  test('at once where no attempt is allowed', async () => {
    await using session = await play([(hit) => void hit.stream(event(note(1), { id: 'e1' })).end()], {
      attempts: 0,
    });
    expect(lossOf(await call(session.client))).toMatchObject({ code: 'stream-ended' });
    expect(session.resumed).toEqual([]);
  });

  test('with status 404, together with the session (F-007)', async () => {
    await using session = await play([
      (hit) => void hit.stream(event(note(1), { id: 'e1' })).end(),
      (hit) => hit.reply(404),
    ]);
    await session.client.send('m', { revision: LEGACY });
    expect(await within(session.client.link.closed, '`closed`')).toMatchObject({
      by: 'remote',
      cause: { code: 'expired' },
    });
  });

  test('with an event that is too large, and no second try', async () => {
    await using session = await play(
      [(hit) => void hit.stream(event(note(1), { id: 'e1' }) + event('x'.repeat(5_000)))],
      { maxMessageBytes: 1_000 },
    );
    expect(lossOf(await call(session.client))).toMatchObject({ code: 'too-large' });
    expect(session.resumed).toEqual([]);
  });
});

describe('another try is made', () => {
  test.each([409, 429, 500, 503])('after status %d (F-055)', async (status) => {
    await using session = await play([
      (hit) => void hit.stream(event(note(1), { id: 'e1' })).end(),
      (hit) => hit.reply(status),
      (hit) => void hit.stream(event(resultOf(ID), { id: 'e2' })).end(),
    ]);
    expect(await call(session.client)).toEqual({ answer: resultOf(ID) });
    expect(session.resumed).toEqual(['e1', 'e1']);
  });

  test('not before the time that a busy server names', async () => {
    await using session = await play([
      (hit) => void hit.stream(event(note(1), { id: 'e1' })).end(),
      (hit) => hit.reply(503, '', { 'retry-after': '7' }),
      (hit) => void hit.stream(event(resultOf(ID), { id: 'e2' })).end(),
    ]);
    expect(await call(session.client)).toEqual({ answer: resultOf(ID) });
    expect(session.pace.slept[1]).toBeGreaterThanOrEqual(7_000);
  });
});

describe('a server that lets its client go', () => {
  test('is asked again after exactly the time it names, as often as it likes (F-053)', async () => {
    const poll: Step = (hit) => void hit.stream().end();
    await using session = await play(
      [
        (hit) => void hit.stream(`id: e1\nretry: 500\ndata:\n\n`).end(),
        ...Array.from({ length: 25 }, () => poll),
        (hit) => void hit.stream(event(resultOf(ID), { id: 'e2' })).end(),
      ],
      { attempts: 3 },
    );
    expect(await call(session.client)).toEqual({ answer: resultOf(ID) });
    expect(session.pace.slept).toEqual(Array(26).fill(500));
  });

  test.each([
    [1, 100],
    [99_999_999_999, 3_600_000],
  ])('for %d ms is asked after %d ms (F017, F019)', async (asked, waited) => {
    await using session = await play([
      (hit) => void hit.stream(`id: e1\nretry: ${asked}\ndata:\n\n`).end(),
      (hit) => void hit.stream(event(resultOf(ID), { id: 'e2' })).end(),
    ]);
    expect(await call(session.client)).toEqual({ answer: resultOf(ID) });
    expect(session.pace.slept).toEqual([waited]);
  });
});

test('a request that is aborted while its stream is taken up again leaves nothing behind', async () => {
  let left = (): void => {};
  const gone = new Promise<void>((resolve) => (left = resolve));
  await using session = await play([
    (hit) => void hit.stream(event(note(1), { id: 'e1' })).end(),
    (hit) => void hit.response.on('close', left),
  ]);
  const stop = new AbortController();
  await session.client.send('m', { revision: LEGACY, signal: stop.signal });
  await session.server.hit(4);
  stop.abort();
  await within(gone, 'the end of the connection');
  expect(session.client.orphans).toEqual([]);
});
