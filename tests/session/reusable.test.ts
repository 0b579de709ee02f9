import { MetaKey, type JsonObject } from '@trunkline/protocol';
import { connect, reusable, Server } from '@trunkline/session';
import { memoryDial } from '@trunkline/transport-memory';
import { describe, expect, test } from 'vitest';

describe.each(['modern', 'legacy'] as const)('a result that is returned again and again, %s', (era) => {
  /** A list that counts how often it is written as JSON. */
  function countedList(): { list: JsonObject; written: () => number } {
    let count = 0;
    const tools = [{ name: 'a', inputSchema: { type: 'object' } }];
    const list = { tools: Object.assign(tools, { toJSON: () => ((count += 1), [...tools]) }) };
    return { list, written: () => count };
  }

  async function listTwice(result: JsonObject, server: Server): Promise<readonly JsonObject[]> {
    server.handle('tools/list', (() => result) as never);
    await using client = await connect(memoryDial(server), { eras: [era] });
    return [await client.listTools(), await client.listTools()];
  }

  test('is written once', async () => {
    const { list, written } = countedList();
    const [first, second] = await listTwice(reusable(list), new Server({ name: 's', version: '1' }));
    expect(written()).toBe(1);
    expect(second).toEqual(first);
    expect(first?.['tools']).toEqual([{ name: 'a', inputSchema: { type: 'object' } }]);
  });

  test('is written for every request unless it is marked', async () => {
    const { list, written } = countedList();
    await listTwice(list, new Server({ name: 's', version: '1' }));
    expect(written()).toBe(2);
  });

  test('is signed by the server that returns it where the revision has signatures', async () => {
    const list = reusable({ tools: [] });
    const names: unknown[] = [];
    for (const name of ['one', 'two']) {
      const server = new Server({ name, version: '1' }).handle('tools/list', () => list);
      await using client = await connect(memoryDial(server), { eras: [era] });
      const { _meta } = await client.listTools();
      names.push(_meta?.[MetaKey.serverInfo]);
    }
    const signed = era === 'modern';
    expect(names).toEqual(
      signed
        ? [
            { name: 'one', version: '1' },
            { name: 'two', version: '1' },
          ]
        : [undefined, undefined],
    );
  });

  test('may be changed by a layer, which makes a copy', async () => {
    const server = new Server({ name: 's', version: '1' }).use((next) => async (params, context) => ({
      ...((await next(params, context)) as JsonObject),
      tools: [],
    }));
    const { list } = countedList();
    const [first] = await listTwice(reusable(list), server);
    expect(first?.['tools']).toEqual([]);
  });

  test('what a server declares later is offered from then on', async () => {
    const server = new Server({ name: 's', version: '1' }, { capabilities: { logging: {} } });
    server.declare({ tools: { listChanged: true } });
    await using client = await connect(memoryDial(server), { eras: [era] });
    expect(client.capabilities).toEqual({ logging: {}, tools: { listChanged: true } });
  });
});
