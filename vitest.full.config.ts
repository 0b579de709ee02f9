import { defineConfig, mergeConfig } from 'vitest/config';
import type { ViteUserConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** The tests that are too long for `npm test`: `npm run test:full` runs them. */
const config: ViteUserConfig = mergeConfig(base, defineConfig({ test: { testTimeout: 120_000 } }));
config.test = { ...config.test, include: ['packages/*/src/**/*.full.test.ts', 'tests/**/*.full.test.ts'] };
config.test.exclude = ['**/node_modules/**', '**/dist/**'];

export default config;
