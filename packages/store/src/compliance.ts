/** What every implementation of the store must do, as cases for any test runner. */
export { storeCompliance, type StoreCapabilities, type TestRunner } from './compliance/suite.ts';
export type { StoreSetup, StoreUnderTest } from './compliance/bench.ts';
