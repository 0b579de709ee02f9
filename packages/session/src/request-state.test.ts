import type { JsonObject } from '@trunkline/protocol';
import { describe, expect, test } from 'vitest';
import { accept, call, question, said, saying, tool, type Work } from './fixtures/asking-tool.ts';
import { ask, modern, served } from './fixtures/served.ts';
import type { Frame } from './fixtures/wire.ts';

const WRONG = { error: { code: -32602 } };

describe('a request state', () => {
  const asking: Work = async (context) => saying(await question(context, 'a', 'a'));
  const answers = { a: accept('ok') };

  test('is used once', async () => {
    const { far, runs } = await tool(asking);
    const round = await call(far);
    expect(said(await call(far, round, answers))).toBe('ok');
    expect(await call(far, round, answers)).toMatchObject(WRONG);
    expect(runs()).toBe(2);
  });

  test('is good for ten minutes on the clock on the wall', async () => {
    const { far, clock } = await tool(asking);
    const [fresh, stale] = [await call(far), await call(far)];
    clock.jump(599_999);
    expect(said(await call(far, fresh, answers))).toBe('ok');
    clock.jump(1);
    expect(await call(far, stale, answers)).toMatchObject(WRONG);
  });

  test('that was tampered with, cut, made up or of the wrong type is refused', async () => {
    const { far, runs } = await tool(asking);
    const round = await call(far);
    const state = round.result?.['requestState'] as string;
    const middle = Math.floor(state.length / 2);
    const flipped = state.slice(0, middle) + (state[middle] === 'A' ? 'B' : 'A') + state.slice(middle + 1);
    const forged: unknown[] = [
      flipped,
      state.slice(0, -4),
      `${state}.x`,
      state.replace('v1', 'v2'),
      '',
      'x',
      '..',
      'v1..',
      7,
      null,
      {},
      'x'.repeat(100_000),
    ];
    for (const requestState of forged) {
      const frame = { result: { requestState } } as unknown as Frame;
      expect(await call(far, frame, answers)).toMatchObject(WRONG);
    }
    expect(runs()).toBe(1);
    expect(said(await call(far, round, answers))).toBe('ok');
  });

  test('is bound to the params of its call, in whatever order their members come', async () => {
    const { far } = await tool(asking);
    const params = { name: 'x', arguments: { a: 1, b: [{ c: 2, d: 3 }] } };
    const round = await call(far, undefined, undefined, params);
    const other = { name: 'x', arguments: { a: 1, b: [{ c: 2, d: 4 }] } };
    expect(await call(far, round, answers, other)).toMatchObject(WRONG);
    expect(await call(far, round, answers, { name: 'y' })).toMatchObject(WRONG);
    const reordered = { arguments: { b: [{ d: 3, c: 2 }], a: 1 }, name: 'x' };
    expect(said(await call(far, round, answers, reordered))).toBe('ok');
  });

  test('is bound to its method', async () => {
    const { server, far } = await tool(asking);
    server.handle('prompts/get', () => ({ messages: [] }));
    const round = await call(far);
    const requestState = round.result?.['requestState'] as string;
    const request = modern('p', 'prompts/get', { name: 'x', requestState, inputResponses: answers });
    expect(await ask(far, request)).toMatchObject(WRONG);
  });

  test('is bound to who made the call', async () => {
    const ada = { clientId: 'app', subject: 'ada', issuer: 'i', scopes: [] };
    const { far, dial } = await tool(asking, {}, ada);
    const round = await call(far);
    for (const auth of [
      undefined,
      { ...ada, subject: 'bob' },
      { ...ada, issuer: 'j' },
      { ...ada, clientId: 'other' },
    ]) {
      expect(await call(await dial(auth ? { auth } : {}), round, answers)).toMatchObject(WRONG);
    }
    const again = await dial({ auth: { ...ada, scopes: ['more'] } });
    expect(said(await call(again, round, answers))).toBe('ok');
  });

  test('is bound to the definition of what is called', async () => {
    let definition = 'first';
    const { far } = await tool(asking, { definitionOf: () => definition });
    const round = await call(far);
    definition = 'second';
    expect(await call(far, round, answers)).toMatchObject(WRONG);
  });

  test('needs answers that are answers', async () => {
    const { far } = await tool(asking);
    const odd: unknown[] = [
      [],
      'x',
      { a: null },
      { a: [] },
      { a: { action: 'maybe' } },
      { a: { action: 'accept', content: [] } },
    ];
    for (const inputResponses of odd) {
      const round = await call(far);
      expect(await call(far, round, inputResponses as JsonObject)).toMatchObject(WRONG);
    }
  });

  test('that would be too large fails the call', async () => {
    const { far, errors } = await tool(async (context) => {
      await context.once('much', () => 'x'.repeat(40_000));
      return saying(await question(context, 'a'));
    });
    expect(await call(far)).toMatchObject({ error: { code: -32603 } });
    expect(errors).toMatchObject([{ code: 'overloaded' }]);
  });

  test('continues on another server that shares the keys, once where they share the redemption', async () => {
    const keys = [new Uint8Array(32).fill(1)];
    const used = new Set<string>();
    const redeem = async (id: string): Promise<boolean> => used.size < used.add(id).size;
    const one = await tool(asking, { requestState: { keys, redeem } });
    const two = await tool(asking, { requestState: { keys, redeem } });
    const round = await call(one.far);
    expect(said(await call(two.far, round, answers))).toBe('ok');
    expect(await call(one.far, round, answers)).toMatchObject(WRONG);
    const stranger = await tool(asking);
    expect(await call(stranger.far, await call(one.far), answers)).toMatchObject(WRONG);
  });

  test('outlives a rotation of keys', async () => {
    const [old, fresh] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    const before = await tool(asking, { requestState: { keys: [old] } });
    const after = await tool(asking, { requestState: { keys: [fresh, old] } });
    const later = await tool(asking, { requestState: { keys: [fresh] } });
    expect(said(await call(after.far, await call(before.far), answers))).toBe('ok');
    expect(said(await call(later.far, await call(after.far), answers))).toBe('ok');
    expect(await call(later.far, await call(before.far), answers)).toMatchObject(WRONG);
  });

  test('is never sealed with a key that is too short', () => {
    const options = { requestState: { keys: [new Uint8Array(16)] } };
    expect(() => served(options)).toThrow(expect.objectContaining({ code: 'misuse' }));
  });
});
