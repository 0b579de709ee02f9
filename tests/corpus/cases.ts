import { corpus } from './corpus.ts';
import { payload, type Entry, type Reply, type Served, type Surface } from './entry.ts';
import { lineScenarios } from './line-scenarios.ts';
import { replyOn } from './oracle.ts';

/** An entry of one step for one server. */
export interface ServerCase {
  readonly id: string;
  readonly about: string;
  readonly entry: Entry;
  readonly served: Served;
  readonly input: string | Uint8Array;
  readonly reply: Reply;
}

/** An entry of one step for one client. */
export interface ClientCase {
  readonly id: string;
  readonly about: string;
  readonly entry: Entry;
  readonly era: 'modern' | 'legacy';
  readonly answer: string;
}

const SERVED: readonly Served[] = ['dual', 'modern', 'legacy', 'legacy-unopened'];

/** The entries of one step that come in over this binding, each on every server that it is meant for. */
export function serverCases(surface: Surface): ServerCase[] {
  const entries = corpus.filter(
    ({ id, on }) => on.includes(surface) && !(surface === 'stdio' && id in lineScenarios),
  );
  return entries.flatMap((entry) => {
    const { id, about } = entry;
    const input = payload(entry.input);
    if (input === undefined) return [];
    return SERVED.flatMap((served) => {
      const reply = replyOn(served, entry);
      return reply === undefined ? [] : [{ id, about, entry, served, input, reply }];
    });
  });
}

/** The entries of one step that come to a client, in each era that they are meant for. */
export function clientCases(): ClientCase[] {
  return corpus.flatMap((entry) => {
    const { id, about, on, input } = entry;
    if (!('answer' in input)) return [];
    const eras = [
      ...(on.includes('client') || on.includes('client-modern') ? (['modern'] as const) : []),
      ...(on.includes('client') ? (['legacy'] as const) : []),
    ];
    return eras.map((era) => ({ id, about, entry, era, answer: input.answer }));
  });
}
