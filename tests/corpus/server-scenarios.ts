import { expect } from 'vitest';
import { entryOf } from './corpus.ts';
import type { Served, Surface } from './entry.ts';
import { matchReply, type Peer } from './oracle.ts';
import { oddResults, oddThrows } from './odd-values.ts';
import type { Report } from './subject.ts';

/** Makes connections to a server of its own, over one binding. */
export interface Harness {
  /** A connection to a fresh server, as a peer finds it: a session is open where its era needs one. */
  connect(served: Served, options?: { readonly maxDuration?: number }): Promise<Peer>;
  /** Another connection to the server that was connected to last; absent where a connection is a server. */
  readonly connectAgain?: (served: Served) => Promise<Peer>;
}

/** Runs an entry that takes more than one step. */
export type Scenario = (harness: Harness) => Promise<void>;

/** The scenarios that can be played over this binding, by the id of their entry. */
export function scenariosOver(surface: Surface): [id: string, play: Scenario][] {
  return Object.entries(SCENARIOS).filter(([id]) => entryOf(id).on.includes(surface));
}

/** The entries of layers B and C that a server meets in more than one step. */
const SCENARIOS: Readonly<Record<string, Scenario>> = {
  B022: inBothEras(async (peer) => {
    const { connection } = peer;
    connection.send(peer.callText('d', 'hold'));
    connection.send(peer.callText('d', 'hold'));
    matchReply(await connection.next('the refusal', isAnswerTo('d')), { error: -32600, id: 'd' });
    await peer.call('release');
    expect(await connection.next('the first answer', isAnswerTo('d'))).toHaveProperty('result');
    expect(connection.heard.filter(isAnswerTo('d'))).toHaveLength(2);
    expect((await peer.ask<Report>('report')).runs).toBe(1);
  }),

  B023: inBothEras(async (peer) => {
    const { connection } = peer;
    connection.send(peer.callText(1, 'hold'));
    connection.send(peer.callText('1', 'hold'));
    await peer.call('release');
    for (const id of [1, '1'])
      expect(await connection.next('both answers', isAnswerTo(id))).toHaveProperty('result');
    expect(connection.heard.filter(({ id }) => id === 1 || id === '1')).toHaveLength(2);
  }),

  async C036(harness) {
    const peer = await harness.connect('legacy-unopened');
    const { connection } = peer;
    const clientInfo = { name: 'x', version: '1' };
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
    connection.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }));
    connection.send('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}');
    expect(await connection.next('the answer', isAnswerTo(1))).toHaveProperty('result');
    connection.send('{"jsonrpc":"2.0","method":"notifications/initialized"}');
    expect(await peer.call('echo')).toHaveProperty('result');
  },

  async C037(harness) {
    if (!harness.connectAgain) throw new Error('this binding has one client for each server');
    for (const served of ERAS) {
      const [mine, theirs] = [await harness.connect(served), await harness.connectAgain(served)];
      mine.connection.send(mine.callText(1, 'hold'));
      theirs.connection.send(theirs.callText(1, 'hold'));
      theirs.connection.send('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}');
      await theirs.call('release');
      expect(await mine.connection.next('my answer', isAnswerTo(1))).toHaveProperty('result');
      expect(theirs.connection.heard.filter(isAnswerTo(1))).toEqual([]);
    }
  },

  C055: inBothEras(async (peer) => {
    for (const which of Object.keys(oddThrows)) {
      const answer = await peer.call('throw', { which });
      expect(answer, which).toMatchObject({ error: { code: -32603 } });
      expect(JSON.stringify(answer), which).not.toMatch(/secret|\.ts|at /);
    }
    expect((await peer.ask<Report>('report')).runs).toBe(Object.keys(oddThrows).length);
  }),

  C056: inBothEras(
    async (peer) => {
      for (const which of Object.keys(oddResults)) {
        expect(await peer.call('return', { which }), which).toMatchObject({ error: { code: -32603 } });
      }
      expect(await peer.call('hang')).toMatchObject({ error: { code: -32603 } });
      expect(await peer.call('echo')).toHaveProperty('result');
    },
    { maxDuration: 100 },
  ),
};

const ERAS: readonly Served[] = ['modern', 'legacy'];

function inBothEras(play: (peer: Peer) => Promise<void>, options: { maxDuration?: number } = {}): Scenario {
  return async (harness) => {
    for (const served of ERAS) await play(await harness.connect(served, options));
  };
}

function isAnswerTo(id: string | number): (frame: { id?: unknown; method?: unknown }) => boolean {
  return (frame) => frame.id === id && frame.method === undefined;
}
