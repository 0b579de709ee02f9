import type { JsonObject } from '@trunkline/protocol';
import { describe, expect, test } from 'vitest';
import { connected } from './fixtures/connected.ts';
import type { Script } from './fixtures/scripted-server.ts';
import { rejection, turn, watch } from './fixtures/within.ts';
import type { Frame, Wire } from './fixtures/wire.ts';

const TOOL = { content: [{ type: 'text', text: 'ok' }] };
const FORM = {
  method: 'elicitation/create',
  params: { message: 'a', requestedSchema: { type: 'object', properties: {} } },
};
const ROOTS = { method: 'roots/list' };
const accept = { onElicit: () => ({ action: 'accept', content: { a: 1 } }) as const };

/** A server that answers tool calls with these results, one after the other, the last one again and again. */
function answering(...results: JsonObject[]): Script {
  let count = 0;
  return {
    'tools/call': ({ id }, far) => {
      const result = results[Math.min(count, results.length - 1)] ?? {};
      count += 1;
      far.say({ jsonrpc: '2.0', id: id as number, result });
    },
  };
}

function needing(inputRequests: JsonObject | undefined, requestState?: string): JsonObject {
  return {
    resultType: 'input_required',
    ...(inputRequests && { inputRequests }),
    ...(requestState !== undefined && { requestState }),
  };
}

function callsIn(far: Wire): Frame[] {
  return far.heard.filter(({ method }) => method === 'tools/call');
}

describe('a call that needs input', () => {
  test('is made again with the answers: same params, fresh id, the state exactly as it came', async () => {
    const states = ['{"odd": "é\\u0000"}', ' '];
    const { client, far } = await connected(
      'modern',
      answering(needing({ f: FORM, r: ROOTS }, states[0]), needing({ g: FORM }, states[1]), TOOL),
      { ...accept, roots: [{ uri: 'file:///a' }] },
    );
    expect(await client.callTool('x', { deep: [1, { b: 2 }] })).toMatchObject(TOOL);
    const calls = callsIn(far);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(3);
    const answers = [
      undefined,
      { f: { action: 'accept', content: { a: 1 } }, r: { roots: [{ uri: 'file:///a' }] } },
      { g: { action: 'accept', content: { a: 1 } } },
    ];
    expect(calls.map(({ params }) => params?.['inputResponses'])).toEqual(answers);
    expect(calls.map(({ params }) => params?.['requestState'])).toEqual([undefined, ...states]);
    for (const { params } of calls)
      expect(params).toMatchObject({ name: 'x', arguments: { deep: [1, { b: 2 }] } });
    await client.close();
  });

  test('sends no state where none came', async () => {
    const { client, far } = await connected('modern', answering(needing({ f: FORM }), TOOL), accept);
    await client.callTool('x');
    expect(callsIn(far)[1]?.params).not.toHaveProperty('requestState');
    await client.close();
  });

  test('passes on that the user declined', async () => {
    const { client, far } = await connected('modern', answering(needing({ f: FORM }), TOOL), {
      onElicit: () => ({ action: 'decline' }),
    });
    await client.callTool('x');
    expect(callsIn(far)[1]?.params).toMatchObject({ inputResponses: { f: { action: 'decline' } } });
    await client.close();
  });

  test('keeps its state to itself while others run', async () => {
    const { client, far } = await connected(
      'modern',
      {
        'tools/call': ({ id, params }, wire) => {
          const name = params?.['name'] as string;
          const result =
            params?.['requestState'] === undefined ? needing({ f: FORM }, `state of ${name}`) : TOOL;
          wire.say({ jsonrpc: '2.0', id: id as number, result });
        },
      },
      accept,
    );
    await Promise.all([client.callTool('a'), client.callTool('b')]);
    const second = callsIn(far).filter(({ params }) => params?.['requestState'] !== undefined);
    expect(
      second
        .map(({ params }) => `${params?.['requestState'] as string} of ${params?.['name'] as string}`)
        .toSorted(),
    ).toEqual(['state of a of a', 'state of b of b']);
    await client.close();
  });

  test('that only asks to be called again is called again after a pause that grows', async () => {
    const { client, clock, far } = await connected(
      'modern',
      answering(needing(undefined, 's'), needing(undefined, 's'), TOOL),
    );
    const call = watch(client.callTool('x'));
    for (const [pause, calls] of [
      [99, 1],
      [1, 2],
      [199, 2],
      [1, 3],
    ] as const) {
      await turn();
      clock.advance(pause);
      await turn();
      expect(callsIn(far)).toHaveLength(calls);
    }
    await turn();
    expect(call.outcome).toMatchObject({ value: TOOL });
    await client.close();
    expect(clock.armed).toBe(0);
  });

  test('for ever is given up after ten rounds, or as many as were allowed', async () => {
    for (const maxRounds of [undefined, 3]) {
      const { client, far } = await connected('modern', answering(needing({ f: FORM }, 's')), {
        ...accept,
        maxRounds,
      });
      expect(await rejection(client.callTool('x'))).toMatchObject({
        code: 'too-many-rounds',
        delivery: 'answered',
      });
      expect(callsIn(far)).toHaveLength((maxRounds ?? 10) + 1);
      await client.close();
    }
  });

  test('is handed to a caller that wants to see to it itself', async () => {
    const { client, far } = await connected('modern', answering(needing({ f: FORM }, 's')), accept);
    const params = { name: 'x', arguments: {} };
    const result = await client.request('tools/call', params, { inputRequired: 'return' });
    expect(result).toMatchObject({
      resultType: 'input_required',
      inputRequests: { f: FORM },
      requestState: 's',
    });
    expect(callsIn(far)).toHaveLength(1);
    await client.close();
  });
});

describe('input that cannot be given', () => {
  test('fails the call: the server asked for what was not declared', async () => {
    const { client, far } = await connected('modern', answering(needing({ f: FORM, r: ROOTS }, 's')), {
      roots: () => {
        throw new Error('not to be asked');
      },
    });
    expect(await rejection(client.callTool('x'))).toMatchObject({
      name: 'ProtocolError',
      code: 'not-allowed',
    });
    expect(callsIn(far)).toHaveLength(1);
    await client.close();
  });

  test('fails the call with what the client’s own handler threw', async () => {
    const refused = new Error('the user said no');
    const { client } = await connected('modern', answering(needing({ f: FORM })), {
      onElicit: () => Promise.reject(refused),
    });
    expect(await rejection(client.callTool('x'))).toBe(refused);
    await client.close();
  });

  test('because nobody answers ends with the signal, which the handler hears of', async () => {
    let heard: AbortSignal | undefined;
    const { client } = await connected('modern', answering(needing({ f: FORM })), {
      onElicit: (_params, { signal }) => {
        heard = signal;
        return new Promise(() => {});
      },
    });
    const stop = new AbortController();
    const call = rejection(client.callTool('x', {}, { signal: stop.signal }));
    await turn();
    const reason = new Error('enough');
    stop.abort(reason);
    expect(await call).toBe(reason);
    expect(heard?.aborted).toBe(true);
    await client.close();
  });

  test.each([{ f: FORM }, undefined])(
    'because the client closes fails the call with link-lost (%#)',
    async (requests) => {
      const { client, clock } = await connected('modern', answering(needing(requests, 's')), {
        onElicit: () => new Promise(() => {}),
      });
      const call = rejection(client.callTool('x'));
      await turn();
      await client.close();
      expect(await call).toMatchObject({ code: 'link-lost' });
      expect(clock.armed).toBe(0);
    },
  );
});

describe('an answer that breaks the rules of input', () => {
  const broken: [string, JsonObject, string][] = [
    ['neither requests nor state', { resultType: 'input_required' }, 'unexpected-shape'],
    ['requests that are a list', { resultType: 'input_required', inputRequests: [] }, 'unexpected-shape'],
    ['a request of another kind', needing({ f: { method: 'tools/call', params: {} } }), 'unexpected-shape'],
    ['a request named like a prototype', needing({ f: { method: 'constructor' } }), 'unexpected-shape'],
    ['a state that is no text', { resultType: 'input_required', requestState: 7 }, 'unexpected-shape'],
    ['a type that nobody knows', { resultType: 'weird', content: [] }, 'unknown-result-type'],
    ['a type that is no text', { resultType: 7, content: [] }, 'unexpected-shape'],
  ];

  test.each(broken)('with %s fails the call', async (_name, result, code) => {
    const { client, far } = await connected('modern', answering(result), accept);
    expect(await rejection(client.callTool('x'))).toMatchObject({ name: 'ProtocolError', code });
    expect(callsIn(far)).toHaveLength(1);
    await client.close();
  });

  test('because its method needs none fails the call', async () => {
    const { client } = await connected('modern', { 'tools/list': { result: needing({ f: FORM }) } }, accept);
    expect(await rejection(client.listTools())).toMatchObject({ name: 'ProtocolError', code: 'not-allowed' });
    await client.close();
  });
});
