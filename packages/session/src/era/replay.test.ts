import type { JsonObject } from '@trunkline/protocol';
import { describe, expect, test } from 'vitest';
import {
  accept,
  call,
  FORM,
  keysOf,
  question,
  said,
  saying,
  tool,
  type Work,
} from '../fixtures/asking-tool.ts';
import { ask, modern } from '../fixtures/served.ts';
import { turn } from '../fixtures/within.ts';
import type { Frame } from '../fixtures/wire.ts';

describe('asking', () => {
  test('several questions in a row takes a round each, and runs the handler from its start', async () => {
    const { far, runs } = await tool(async (context) =>
      saying([await question(context, 'a'), await question(context, 'b'), await question(context, 'c')]),
    );
    let round = await call(far);
    for (const value of ['first', 'second', 'third']) {
      expect(round.result).toMatchObject({ resultType: 'input_required' });
      const [key, ...others] = keysOf(round);
      expect(others).toEqual([]);
      round = await call(far, round, { [key as string]: accept(value) });
    }
    expect(said(round)).toEqual(['first', 'second', 'third']);
    expect(runs()).toBe(4);
  });

  test('several questions at once takes one round, whatever their kinds', async () => {
    const { far, runs } = await tool(async ({ ask: put }) => {
      const [form, model, roots] = await Promise.all([
        put.elicit({ message: 'a', requestedSchema: FORM }, { key: 'form' }),
        put.sample({ messages: [], maxTokens: 1 }, { key: 'model' }),
        put.roots({ key: 'roots' }),
      ]);
      return saying([form.action, model.model, roots.roots.length]);
    });
    const round = await call(far);
    expect(round.result?.['inputRequests']).toMatchObject({
      form: { method: 'elicitation/create', params: { message: 'a' } },
      model: { method: 'sampling/createMessage' },
      roots: { method: 'roots/list' },
    });
    const answers = {
      form: { action: 'decline' },
      model: { role: 'assistant', model: 'm', content: { type: 'text', text: '' } },
      roots: { roots: [{ uri: 'file:///a' }] },
    };
    expect(said(await call(far, round, answers))).toEqual(['decline', 'm', 1]);
    expect(runs()).toBe(2);
  });

  test('the same question twice is two questions', async () => {
    const { far } = await tool(async (context) =>
      saying(await Promise.all([question(context, 'again'), question(context, 'again')])),
    );
    const round = await call(far);
    const [one, two] = keysOf(round) as [string, string];
    expect(one).not.toBe(two);
    expect(said(await call(far, round, { [one]: accept(1), [two]: accept(2) }))).toEqual([1, 2]);
  });

  test('what is missing is asked again, and what was not asked is ignored', async () => {
    const { far, runs } = await tool(async (context) =>
      saying(await Promise.all([question(context, 'a', 'a'), question(context, 'b', 'b')])),
    );
    const first = await call(far);
    const second = await call(far, first, { a: accept(1), c: accept(3), ['__proto__']: accept(4) });
    expect(keysOf(second)).toEqual(['b']);
    expect(said(await call(far, second, { b: accept(2), a: accept('changed') }))).toEqual([1, 2]);
    expect(runs()).toBe(3);
  });

  test('a handler that catches everything is suspended all the same', async () => {
    const { far } = await tool(async (context) => {
      try {
        return saying(await question(context, 'a', 'a'));
      } catch {
        return saying('caught');
      }
    });
    const round = await call(far);
    expect(round.result).toMatchObject({ resultType: 'input_required' });
    expect(said(await call(far, round, { a: accept('kept') }))).toBe('kept');
  });

  test('a handler that cleans up does so in every round', async () => {
    let cleaned = 0;
    const { far } = await tool(async (context) => {
      try {
        return saying(await question(context, 'a', 'a'));
      } finally {
        cleaned += 1;
      }
    });
    await call(far, await call(far), { a: accept(1) });
    expect(cleaned).toBe(2);
  });

  test('a client that did not declare what is asked for is told so', async () => {
    const { far, errors } = await tool(async (context) => saying(await question(context, 'a')));
    const answer = await ask(
      far,
      modern('none', 'tools/call', { name: 'x' }, { capabilities: { sampling: {} } }),
    );
    expect(answer).toMatchObject({
      error: { code: -32021, data: { requiredCapabilities: { elicitation: { form: {} } } } },
    });
    expect(errors).toEqual([]);
  });

  test('outside of tools, prompts and resources is a mistake in the server', async () => {
    const { server, far, errors } = await tool(() => saying(0));
    server.handle('completion/complete', async (_params, context) => {
      await question(context, 'a');
      return { completion: { values: [] } };
    });
    const params = { ref: { type: 'ref/prompt', name: 'p' }, argument: { name: 'a', value: '' } };
    expect(await ask(far, modern('c', 'completion/complete', params))).toMatchObject({
      error: { code: -32603 },
    });
    expect(errors).toMatchObject([{ code: 'misuse' }]);
  });

  test('more than ten rounds is too many', async () => {
    const { far, runs } = await tool(async (context) => {
      for (let count = 0; ; count += 1) await question(context, `${count}`, `k${count}`);
    });
    let round = await call(far);
    for (let count = 0; round.result && count < 20; count += 1) {
      round = await call(far, round, { [`k${count}`]: accept(1) });
    }
    expect(round).toMatchObject({ error: { code: -32603 } });
    expect(runs()).toBe(11);
  });
});

describe('what a handler reports', () => {
  test('is silent while it repeats what the client has heard', async () => {
    const { far } = await tool(
      async (context) => {
        await context.progress(1);
        await context.log('info', 'one');
        await question(context, 'a', 'a');
        await context.progress(2);
        await context.log('info', 'two');
        return saying(await question(context, 'b', 'b'));
      },
      { capabilities: { logging: {} } },
    );
    const meta = { progressToken: 7, 'io.modelcontextprotocol/logLevel': 'info' };
    let round: Frame | undefined;
    for (const answers of [undefined, { a: accept(1) }, { b: accept(2) }]) {
      const requestState = round?.result?.['requestState'];
      const more = {
        ...(answers && { inputResponses: answers }),
        ...(requestState !== undefined && { requestState }),
      };
      round = await ask(
        far,
        modern(
          `report ${answers ? Object.keys(answers).join() : ''}`,
          'tools/call',
          { name: 'x', ...more },
          { meta },
        ),
      );
    }
    expect(said(round as Frame)).toBe(2);
    const heard = far.heard.map(({ params }) => params?.['progress'] ?? params?.['data']);
    expect(heard.filter((value) => value !== undefined)).toEqual([1, 'one', 2, 'two']);
  });
});

describe('side effects', () => {
  test('run once per call, whatever the number of rounds', async () => {
    let charged = 0;
    const { far } = await tool(async (context) => {
      const receipt = await context.once('charge', () => (charged += 1));
      const answers = [await question(context, 'a', 'a'), await question(context, 'b', 'b')];
      return saying([receipt, await context.once('charge', () => (charged += 1)), ...answers]);
    });
    const second = await call(far, await call(far), { a: accept('x') });
    expect(said(await call(far, second, { b: accept('y') }))).toEqual([1, 1, 'x', 'y']);
    expect(charged).toBe(1);
    await call(far);
    expect(charged).toBe(2);
  });

  test('that are slower than the question beside them run once all the same', async () => {
    let charged = 0;
    let finish = (): void => {};
    const { far, clock } = await tool(async (context) => {
      const slow = (): Promise<number> => new Promise((resolve) => (finish = () => resolve((charged += 1))));
      const [receipt, answer] = await Promise.all([
        context.once('charge', slow),
        question(context, 'a', 'a'),
      ]);
      return saying([receipt, answer]);
    });
    far.say(modern('slow', 'tools/call', { name: 'x' }));
    clock.advance(0);
    await turn();
    finish();
    const round = await far.next((frame) => frame.id === 'slow');
    expect(said(await call(far, round, { a: accept('x') }))).toEqual([1, 'x']);
    expect(charged).toBe(1);
  });

  test('may have no result', async () => {
    let runs = 0;
    const { far } = await tool(async (context) => {
      const nothing = await context.once('note', () => {
        runs += 1;
        return undefined as never;
      });
      await question(context, 'a', 'a');
      return saying(nothing ?? 'nothing');
    });
    expect(said(await call(far, await call(far), { a: accept(1) }))).toBe('nothing');
    expect(runs).toBe(1);
  });

  test('that fail fail the call, and are tried again by the next', async () => {
    let tries = 0;
    const { far } = await tool(async (context) => {
      await context.once('charge', () => {
        tries += 1;
        if (tries === 1) throw new Error('declined');
        return tries;
      });
      return saying(tries);
    });
    expect(await call(far)).toMatchObject({ error: { code: -32603 } });
    expect(said(await call(far))).toBe(2);
  });
});

describe('a handler that returns what it needs', () => {
  const returning: Work = (_context, { inputResponses, requestState }) => {
    if (inputResponses === undefined) {
      const params = { message: 'a', requestedSchema: FORM } as unknown as JsonObject;
      return {
        resultType: 'input_required',
        inputRequests: { mine: { method: 'elicitation/create', params } },
        requestState: 'my own',
      };
    }
    return saying([inputResponses, requestState]);
  };

  test('gets the answers and its own state back, which the client never sees', async () => {
    const { far } = await tool(returning);
    const round = await call(far);
    expect(round.result?.['requestState']).not.toContain('my own');
    expect(said(await call(far, round, { mine: accept(1) }))).toEqual([{ mine: accept(1) }, 'my own']);
  });

  test('may only ask to be called again', async () => {
    const { far } = await tool((_context, { requestState }) =>
      requestState === undefined
        ? { resultType: 'input_required', requestState: 'later' }
        : saying(requestState),
    );
    const round = await call(far);
    expect(round.result).not.toHaveProperty('inputRequests');
    expect(said(await call(far, round))).toBe('later');
  });

  test('may not ask what the client did not declare', async () => {
    const { far } = await tool(returning);
    expect(await ask(far, modern('u', 'tools/call', { name: 'x' }, { capabilities: {} }))).toMatchObject({
      error: { code: -32021 },
    });
  });
});
