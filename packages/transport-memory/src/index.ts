export { memoryPair, type MemoryOptions } from './pair.ts';
export { memoryDial } from './router.ts';
