import { serve } from '@trunkline/server-fast';
import { stdio } from '@trunkline/transport-stdio';
import { watchMishaps } from '../src/mishaps.ts';
import type { Served } from './entry.ts';
import { makeSubject } from './subject.ts';

/** What the tool `process` says of the process. */
export interface ProcessReport {
  readonly mishaps: readonly string[];
  /** What keeps the process alive. */
  readonly resources: readonly string[];
  readonly heapMiB: number;
}

const [served = 'dual', maxDuration = '600000'] = process.argv.slice(2);
const { server } = makeSubject(served as Served, { maxDuration: Number(maxDuration) });
const mishaps = watchMishaps();

server.tool('process', (): ProcessReport => {
  globalThis.gc?.();
  return {
    mishaps: mishaps.seen,
    resources: process.getActiveResourcesInfo().toSorted(),
    heapMiB: process.memoryUsage().heapUsed / 1024 / 1024,
  };
});

await serve(server, stdio());
