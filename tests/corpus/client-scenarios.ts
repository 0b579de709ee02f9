import type { JsonObject, JsonValue } from '@trunkline/protocol';
import type { ClientOptions } from '@trunkline/session';
import { expect } from 'vitest';
import { rejection } from '../src/within.ts';
import type { Rejection } from './entry.ts';
import { entryOf } from './corpus.ts';
import type { Behaviour, HostileServer } from './hostile-server.ts';

/** Connects a client to a server of its own. */
export type ConnectHostile = (
  era: 'modern' | 'legacy',
  behave: Behaviour,
  options?: ClientOptions,
) => Promise<HostileServer>;

const ERAS = ['modern', 'legacy'] as const;
const DONE = { content: [] };

/** The entries that a client meets in more than one step. */
export const clientScenarios: Readonly<Record<string, (connect: ConnectHostile) => Promise<void>>> = {
  async C033(connect) {
    for (const era of ERAS) {
      for (const cursorOf of [() => 'same', (page: number) => `page ${page}`]) {
        let pages = 0;
        const { client } = await connect(era, ({ id }, say) => {
          pages += 1;
          say(answer(id, { tools: [], nextCursor: cursorOf(pages) }));
        });
        await expectRejection(client.listTools(), 'C033');
        expect(pages).toBe(cursorOf(1) === 'same' ? 2 : 64);
      }
    }
  },

  async C039(connect) {
    for (const era of ERAS) {
      const heard: number[] = [];
      const { client } = await connect(era, ({ id, params }, say) => {
        const progressToken = tokenOf(params);
        for (const progress of [1, 5, 3, 'NaN', -1]) say(report(progressToken, progress));
        say(answer(id, DONE));
      });
      await client.callTool('x', {}, { onProgress: ({ progress }) => heard.push(progress) });
      expect(heard).toEqual([1, 5]);
    }
  },

  async C040(connect) {
    for (const era of ERAS) {
      let heard = 0;
      let sent = 0;
      let over = false;
      const { client } = await connect(era, ({ params }, say) => {
        const progressToken = tokenOf(params);
        const flood = (): void => {
          for (let count = 0; count < 100; count += 1) say(report(progressToken, (sent += 1)));
          if (!over) setImmediate(flood);
        };
        flood();
      });
      const limits = { timeout: 50, maxTotalTimeout: 200, onProgress: () => (heard += 1) };
      await expectRejection(client.callTool('x', {}, limits), 'C040');
      over = true;
      expect(sent).toBeGreaterThan(1000);
      expect(heard).toBeLessThan(100);
    }
  },

  async C043(connect) {
    let rounds = 0;
    const { client } = await connect(
      'modern',
      ({ id }, say) => {
        rounds += 1;
        const form = { message: 'more', requestedSchema: { type: 'object', properties: {} } };
        const inputRequests = { more: { method: 'elicitation/create', params: form } };
        say(answer(id, { resultType: 'input_required', inputRequests, requestState: `${rounds}` }));
      },
      { onElicit: () => ({ action: 'accept', content: {} }) },
    );
    await expectRejection(client.callTool('x'), 'C043');
    expect(rounds).toBe(11);
  },
};

/** Fails unless the promise rejects the way the entry says. */
export async function expectRejection(work: Promise<unknown>, id: string): Promise<void> {
  const { family, code } = entryOf(id).expect.rejects as Rejection;
  expect(await rejection(work, id)).toMatchObject({ name: family, code });
}

function answer(id: unknown, result: object): JsonObject {
  return { jsonrpc: '2.0', id, result } as JsonObject;
}

function report(progressToken: JsonValue, progress: unknown): JsonObject {
  return {
    jsonrpc: '2.0',
    method: 'notifications/progress',
    params: { progressToken, progress } as JsonObject,
  };
}

function tokenOf(params: JsonObject | undefined): JsonValue {
  return (params?.['_meta'] as JsonObject | undefined)?.['progressToken'] ?? 'no token';
}
