import type { Entry } from './entry.ts';
import { layerA } from './layer-a.ts';
import { layerB } from './layer-b.ts';
import { layerC } from './layer-c.ts';
import { layerD } from './layer-d.ts';
import { layerE } from './layer-e.ts';
import { layerF } from './layer-f.ts';
import { layerG } from './layer-g.ts';
import { layerH } from './layer-h.ts';
import { layerI } from './layer-i.ts';

/** All bad input, layer by layer. */
export const corpus: readonly Entry[] = [
  ...layerA,
  ...layerB,
  ...layerC,
  ...layerD,
  ...layerE,
  ...layerF,
  ...layerG,
  ...layerH,
  ...layerI,
];

/** The entry with this id. */
export function entryOf(id: string): Entry {
  const entry = corpus.find((candidate) => candidate.id === id);
  if (!entry) throw new Error(`no entry ${id} in the corpus`);
  return entry;
}
