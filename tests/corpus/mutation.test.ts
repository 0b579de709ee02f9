import { isMcpError, messageDefect } from '@trunkline/protocol';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countingClock } from '../src/counting-clock.ts';
import { watchMishaps } from '../src/mishaps.ts';
import { connectRaw } from '../src/raw-connection.ts';
import { turn, within } from '../src/within.ts';
import { corpus } from './corpus.ts';
import { payload } from './entry.ts';
import { connectHostile } from './hostile-server.ts';
import { Peer } from './oracle.ts';
import { makeSubject } from './subject.ts';

const RUNS = 300;

/** Texts that are almost right: those of the corpus that are short, some of them broken already. */
const seeds = corpus.flatMap(({ id, input }) => {
  const text = /^[A-C]/.test(id) && !('make' in input) ? payload(input) : undefined;
  return typeof text === 'string' ? [text] : [];
});

/** One small change to a text: a piece gone, doubled, moved or replaced by what means something to JSON or to us. */
const change = fc.record({
  at: fc.nat(400),
  length: fc.nat(12),
  insert: fc.constantFrom(
    '',
    '"',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '\\',
    '\0',
    '\u2028',
    '\ud800',
    '0',
    '-1',
    '1e9',
    'null',
    'true',
    '"id"',
    '"method"',
    '"result":{}',
    '"error"',
    '__proto__',
    'initialize',
    'tools/call',
  ),
});

const mutated = fc
  .tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 4 }))
  .map(([seed, changes]) =>
    changes.reduce((text, { at, length, insert }) => {
      const from = at % (text.length + 1);
      return text.slice(0, from) + insert + text.slice(from + length);
    }, seed),
  );

const frames = fc.array(mutated, { minLength: 1, maxLength: 20 });

describe('whatever is changed about bad input', () => {
  test.each(['dual', 'modern', 'legacy'] as const)(
    'a %s server answers with messages, and goes on',
    async (served) => {
      const mishaps = watchMishaps();
      const clock = countingClock();
      await fc.assert(
        fc.asyncProperty(frames, async (texts) => {
          const { server } = makeSubject(served, { clock });
          const peer = new Peer(served, await connectRaw(server));
          if (served === 'legacy') await peer.open();
          for (const text of texts) peer.connection.send(text);
          // A mutation may have called what waits for ever, or have closed a session; a good call is answered all the same.
          expect(await peer.call('echo', { still: 'here' })).toHaveProperty('result');
          const heard = peer.connection.heard.flatMap((frame) =>
            Array.isArray(frame) ? (frame as unknown[]) : [frame],
          );
          expect(heard.map(messageDefect).filter(Boolean)).toEqual([]);
          await peer.connection.close();
          await server.close({ grace: 0 });
        }),
        { numRuns: RUNS },
      );
      await turn();
      mishaps.stop();
      expect({ seen: mishaps.seen, armed: clock.armed }).toEqual({ seen: [], armed: 0 });
    },
  );

  test.each(['modern', 'legacy'] as const)(
    'a %s client settles its call once, typed, and goes on',
    async (era) => {
      const mishaps = watchMishaps();
      const clock = countingClock();
      await fc.assert(
        fc.asyncProperty(frames, async (texts) => {
          const { client, link } = await connectHostile(era, () => {}, { clock });
          let settled = 0;
          const call = client.callTool('x').then(
            () => (settled += 1),
            (error: unknown) => {
              settled += 1;
              expect(isMcpError(error)).toBe(true);
            },
          );
          const { id } = await link.next('the call', ({ method }) => method === 'tools/call');
          for (const text of texts) link.send(text.replaceAll('"id":1', `"id":${JSON.stringify(id)}`));
          await turn();
          const good = client.callTool('x');
          const next = await link.next('the good call', ({ method }) => method === 'tools/call');
          link.send(JSON.stringify({ jsonrpc: '2.0', id: next.id, result: { content: [] } }));
          await within(good, () => 'the good call');
          await client.close();
          await within(call, () => 'the call');
          expect(settled).toBe(1);
        }),
        { numRuns: RUNS },
      );
      await turn();
      mishaps.stop();
      expect({ seen: mishaps.seen, armed: clock.armed }).toEqual({ seen: [], armed: 0 });
    },
  );
});
