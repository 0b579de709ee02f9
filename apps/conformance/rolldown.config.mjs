import { defineConfig } from 'rolldown';

/** One file each, so that others can drive them and start-up costs little. */
export default defineConfig(
  ['client', 'server'].map((name) => ({
    input: `src/${name}.ts`,
    platform: 'node',
    output: { file: `dist/${name}.js`, format: 'esm', codeSplitting: false },
  })),
);
