import { ProtocolError, RemoteError, type Delivery, type JsonObject } from '@trunkline/protocol';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../fixtures/fake-clock.ts';
import { rejection, turn } from '../fixtures/within.ts';
import type { Send } from '../layers.ts';
import { SessionError } from '../session-error.ts';
import { retry, type RetryOptions } from './retry.ts';

const lost = (delivery: Delivery): SessionError => new SessionError('link-lost', 'gone', { delivery });
const call = (name: string, options = {}): Parameters<Send>[0] => ({
  method: 'tools/call',
  params: { name },
  options,
});
const READ = { method: 'resources/read', params: { uri: 'a' }, options: {} };
const TOOLS: JsonObject = {
  tools: [
    { name: 'reads', annotations: { readOnlyHint: true } },
    { name: 'same', annotations: { idempotentHint: true } },
    { name: 'pays', annotations: {} },
  ],
};

/** Fails with what is given, one after the other, and then answers; tells how often it was asked. */
async function tries(
  request: Parameters<Send>[0],
  failures: readonly Error[],
  options: RetryOptions = {},
): Promise<unknown> {
  const clock = new FakeClock();
  let asked = 0;
  const send = retry({ clock, random: () => 0, ...options })(async ({ method }) => {
    if (method === 'tools/list') return TOOLS;
    const failure = failures[asked];
    asked += 1;
    if (failure) throw failure;
    return {};
  });
  await send({ method: 'tools/list', params: {}, options: {} });
  const outcome = await send(request).then(
    () => 'answered',
    () => 'failed',
  );
  return [outcome, asked];
}

describe('what was lost', () => {
  test.each<[string, Parameters<Send>[0], Error, unknown]>([
    ['a reading', READ, lost('unknown'), ['answered', 2]],
    ['a call that was not sent', call('pays'), lost('not-sent'), ['answered', 2]],
    ['a call that may have run', call('pays'), lost('unknown'), ['failed', 1]],
    ['a call of a tool nobody knows', call('new'), lost('unknown'), ['failed', 1]],
    ['a call of a tool that only reads', call('reads'), lost('unknown'), ['answered', 2]],
    ['a call of a tool that is idempotent', call('same'), lost('unknown'), ['answered', 2]],
    [
      'a call that its caller says is idempotent',
      call('pays', { idempotent: true }),
      lost('unknown'),
      ['answered', 2],
    ],
    [
      'a call that its caller says is not',
      call('same', { idempotent: false }),
      lost('unknown'),
      ['failed', 1],
    ],
    ['what was answered', READ, lost('answered'), ['failed', 1]],
    ['what timed out', READ, new SessionError('timed-out', 'late', { delivery: 'unknown' }), ['failed', 1]],
    ['what was misused', READ, new SessionError('misuse', 'no'), ['failed', 1]],
    ['what the server refused', READ, new RemoteError(-32602, 'no'), ['failed', 1]],
    ['what the server was too busy for', call('pays'), new RemoteError(429, 'busy'), ['answered', 2]],
    ['what broke the protocol', READ, new ProtocolError('unexpected-shape', 'x'), ['failed', 1]],
    ['what nobody knows', READ, new Error('x'), ['failed', 1]],
  ])('%s', async (_what, request, failure, expected) => {
    expect(await tries(request, [failure])).toEqual(expected);
  });

  test('is tried so often and no more', async () => {
    expect(await tries(READ, Array(9).fill(lost('unknown')))).toEqual(['failed', 2]);
    expect(await tries(READ, Array(9).fill(lost('unknown')), { attempts: 4 })).toEqual(['failed', 4]);
  });

  test('is not repeated on the word of a server that is not trusted', async () => {
    expect(await tries(call('same'), [lost('unknown')], { trustAnnotations: false })).toEqual(['failed', 1]);
  });
});

test('pauses grow, and giving up ends them', async () => {
  const clock = new FakeClock();
  let asked = 0;
  const stop = new AbortController();
  const send = retry({ clock, attempts: 5, firstDelay: 100, random: () => 0.5 })(async () => {
    asked += 1;
    throw lost('not-sent');
  });
  const failing = rejection(send({ ...READ, options: { signal: stop.signal } }));
  await turn();
  clock.advance(49);
  await turn();
  expect(asked).toBe(1);
  clock.advance(1);
  await turn();
  expect(asked).toBe(2);
  stop.abort(new Error('enough'));
  expect(await failing).toMatchObject({ message: 'enough' });
  expect(clock.armed).toBe(0);
});
