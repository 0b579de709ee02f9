import { existsSync } from 'node:fs';
import { rolldown } from 'rolldown';

/** One file each, so that others can drive them and start-up costs little. */
for (const name of ['client', 'server', 'issuer']) {
  const input = `src/${name}.ts`;
  if (!existsSync(input)) continue;
  const bundle = await rolldown({ input, platform: 'node' });
  await bundle.write({ file: `dist/${name}.js`, format: 'esm', codeSplitting: false });
  await bundle.close();
}
