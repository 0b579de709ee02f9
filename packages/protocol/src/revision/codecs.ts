import type { Era, RevisionCodec } from './codec.ts';
import { legacy } from './legacy.ts';
import { modern } from './modern.ts';

/** The codec of an era. */
export function codecOf(era: Era): RevisionCodec {
  return era === 'modern' ? modern : legacy;
}
