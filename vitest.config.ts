import { defineConfig } from 'vitest/config';
import type { ViteUserConfig } from 'vitest/config';

// Sources run unbuilt: the condition leads every `@trunkline/*` import to `src`.
const conditions = ['@trunkline/source', 'module', 'import', 'node', 'default'];

const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'tests/**/*.test.ts',
      'scripts/**/*.test.ts',
      'apps/*/**/*.test.ts',
    ],
    // Generous, because machines are shared: what must not hang has a guard of its own.
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Tests of growth collect garbage before they measure.
    execArgv: ['--expose-gc'],
    setupFiles: ['./scripts/vitest-setup.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/*.full.test.ts'],
  },
});

export default config;
