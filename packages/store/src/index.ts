/** State that may outlive a process: the contract, and an implementation in memory. */
export { memoryStore, type MemoryStoreOptions } from './memory.ts';
export type { StoreClock } from './memory-space.ts';
export type { AppendOptions, Expiry, LogEntry, LogPage, ReadOptions, Store } from './store.ts';
export { isStoreError, StoreError, type StoreErrorCode } from './store-error.ts';
