import type { JsonObject } from '@trunkline/protocol';
import { describe, expect, test } from 'vitest';
import { ask, modern, open, plain, served } from './fixtures/served.ts';

const DONE = { content: [] };

describe('the params that a handler is promised', () => {
  const COMPLETION = { ref: { type: 'ref/prompt', name: 'p' }, argument: { name: 'a', value: '' } };
  const broken: [string, JsonObject][] = [
    ['tools/call', {}],
    ['tools/call', { name: 5 }],
    ['tools/call', { name: 'x', arguments: [] }],
    ['tools/call', { name: 'x', arguments: 'x' }],
    ['tools/call', { name: 'x', arguments: null }],
    ['prompts/get', { name: null }],
    ['resources/read', {}],
    ['resources/read', { uri: ['file:///a'] }],
    ['tools/list', { cursor: { a: 1 } }],
    ['resources/templates/list', { cursor: 7 }],
    ['completion/complete', {}],
    ['completion/complete', { ...COMPLETION, ref: null }],
    ['completion/complete', { ...COMPLETION, ref: { type: 'ref/prompt' } }],
    ['completion/complete', { ...COMPLETION, ref: { type: 'ref/resource', name: 'p' } }],
    ['completion/complete', { ...COMPLETION, argument: { name: 'a' } }],
  ];

  test.each(broken)('are those of its method: %s refuses %j', async (method, params) => {
    const { server, dial } = served();
    let runs = 0;
    server.handle(method, () => {
      runs += 1;
      return DONE;
    });
    const far = await dial();
    await open(far);
    expect(await ask(far, modern(1, method, params))).toMatchObject({ error: { code: -32602 } });
    expect(await ask(far, plain(2, method, params))).toMatchObject({ error: { code: -32602 } });
    expect(runs).toBe(0);
  });

  test.each([
    ['tools/call', { name: '' }],
    ['tools/list', { cursor: '' }],
    ['completion/complete', { ...COMPLETION, ref: { type: 'ref/resource', uri: 'x' } }],
    ['extension/method', { name: 5, cursor: 7 }],
  ] as [string, JsonObject][])('are otherwise its own business: %s takes %j', async (method, params) => {
    const { server, dial } = served();
    server.handle(method, () => ({ taken: true }));
    const far = await dial();
    expect(await ask(far, modern(1, method, params))).toMatchObject({ result: { taken: true } });
  });
});
