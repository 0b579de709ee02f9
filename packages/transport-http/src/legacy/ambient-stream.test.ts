import { describe, expect, test } from 'vitest';
import { fakePace, type FakePace } from '../fixtures/fake-pace.ts';
import { LEGACY, linked, type Linked } from '../fixtures/linked.ts';
import { event, scripted, type Hit } from '../fixtures/scripted-server.ts';
import { within } from '../fixtures/within.ts';

interface Listening extends AsyncDisposable {
  readonly client: Linked;
  readonly pace: FakePace;
  /** The requests for the stream on which the server speaks first. */
  readonly gets: readonly Hit[];
  get(index: number): Promise<Hit>;
}

/** A session whose server answers each request for its own stream with the next step, and the last of them silently. */
async function listening(
  steps: readonly ((hit: Hit) => void)[],
  { id = 's', attempts = 10 }: { id?: string | null; attempts?: number } = {},
): Promise<Listening> {
  const pace = fakePace();
  const gets: Hit[] = [];
  const waiting = new Set<() => void>();
  const server = await scripted((hit) => {
    if (hit.method === 'GET') {
      gets.push(hit);
      const step = steps[gets.length - 1];
      if (step) step(hit);
      for (const wake of waiting) wake();
    } else if (hit.method === 'POST' && hit.json['method'] === 'initialize')
      hit.result({}, id === null ? {} : { 'mcp-session-id': id });
    else hit.reply(202);
  });
  const client = await linked(server.url, { reconnect: { attempts } }, { pace });
  await client.ask('initialize');
  await client.notify('notifications/initialized', { revision: LEGACY });
  return {
    client,
    pace,
    gets,
    async get(index) {
      await within(
        new Promise<void>((resolve) => {
          const look = (): void => void (gets.length > index && resolve());
          waiting.add(look);
          look();
        }),
        `request ${index} for the stream`,
      );
      return gets[index] as Hit;
    },
    async [Symbol.asyncDispose]() {
      await client.link.close();
      await server.close();
    },
  };
}

const note = (number: number): object => ({ jsonrpc: '2.0', method: 'n', params: { number } });
const hung = (): void => {};

describe('the stream on which the server speaks first', () => {
  test('is opened once the session is, and belongs to no request', async () => {
    await using session = await listening([(hit) => void hit.stream(event(note(1)))]);
    await session.client.until('the message', () => session.client.messages.length === 2);
    expect((await session.get(0)).headers).toMatchObject({
      accept: 'text/event-stream',
      'mcp-session-id': 's',
      'mcp-protocol-version': LEGACY,
    });
    expect(session.client.exchanges[1]).not.toHaveProperty('inReplyTo');
  });

  test.each([400, 404, 405, 501])('may be refused with %d: the session goes on', async (status) => {
    await using session = await listening([(hit) => hit.reply(status)]);
    await session.get(0);
    await session.client.notify('n', { revision: LEGACY });
    expect([session.gets.length, session.client.faults.length]).toEqual([1, 0]);
  });

  test.each([401, 403])('that is refused with %d is a fault', async (status) => {
    await using session = await listening([(hit) => hit.reply(status)]);
    await session.client.until('the fault', () => session.client.faults.length === 1);
    expect(session.client.faults).toMatchObject([{ code: 'refused', status }]);
  });

  test('is opened again from where it broke', async () => {
    await using session = await listening([
      (hit) => void hit.stream(event(note(1), { id: 'e1' })).end(),
      (hit) => void hit.stream(event(note(1), { id: 'e1' }) + event(note(2), { id: 'e2' })).end(),
      hung,
    ]);
    expect((await session.get(2)).headers['last-event-id']).toBe('e2');
    expect(session.gets[1]?.headers['last-event-id']).toBe('e1');
    expect(session.client.messages).toHaveLength(3);
  });

  test('is opened again without a place where it names none', async () => {
    await using session = await listening([(hit) => void hit.stream(event(note(1))).end(), hung]);
    expect((await session.get(1)).headers).not.toHaveProperty('last-event-id');
  });

  test('is opened afresh after a gap, which is told (F-052)', async () => {
    await using session = await listening([
      (hit) => void hit.stream(event(note(1), { id: 'e1' })).end(),
      (hit) => hit.reply(410),
      (hit) => void hit.stream(event(note(9))),
    ]);
    await session.client.until('what comes after the gap', () => session.client.messages.length === 3);
    expect(session.client.faults).toMatchObject([{ code: 'resume-gap', cause: { status: 410 } }]);
    expect((await session.get(2)).headers).not.toHaveProperty('last-event-id');
  });

  test('that is gone with 404 takes the session with it (F-007)', async () => {
    await using session = await listening([
      (hit) => void hit.stream(event(note(1))).end(),
      (hit) => hit.reply(404),
    ]);
    expect(await within(session.client.link.closed, '`closed`')).toMatchObject({
      by: 'remote',
      cause: { code: 'expired' },
    });
  });

  test('that is gone with 404 takes nothing with it where there is no session', async () => {
    await using session = await listening(
      [(hit) => void hit.stream(event(note(1))).end(), (hit) => hit.reply(404)],
      { id: null },
    );
    await session.client.until('the fault', () => session.client.faults.length === 1);
    expect(session.client.faults).toMatchObject([{ code: 'refused', status: 404 }]);
    await session.client.notify('n', { revision: LEGACY });
  });

  test('is given up after attempts enough, which is told', async () => {
    const down = (hit: Hit): void => hit.reply(503);
    await using session = await listening([down, down, down, down], { attempts: 3 });
    await session.client.until('the fault', () => session.client.faults.length === 1);
    expect(session.client.faults).toMatchObject([{ code: 'stream-ended' }]);
    expect(session.pace.slept).toEqual([500, 1_000, 2_000]);
  });

  test('is not given up for breaking now and then', async () => {
    let open: Hit | undefined;
    const steps = Array.from({ length: 15 }, () => (hit: Hit): void => {
      open = hit;
      hit.stream('data: no message\n\n');
    });
    await using session = await listening(steps, { attempts: 2 });
    for (let index = 0; index < 14; index += 1) {
      await session.client.until('the connection', () => session.client.faults.length > index);
      session.pace.advance(60_000);
      open?.response.end();
    }
    await session.get(14);
    expect(new Set(session.client.faults.map(({ code }) => code))).toEqual(new Set(['malformed']));
    expect(new Set(session.pace.slept)).toEqual(new Set([500]));
  });

  test('ends with the link', async () => {
    let left = (): void => {};
    const gone = new Promise<void>((resolve) => (left = resolve));
    await using session = await listening([(hit) => void hit.stream(': hello\n\n').on('close', left)]);
    await session.get(0);
    await session.client.link.close();
    await expect(within(gone, 'the end of the connection')).resolves.toBeUndefined();
  });
});
