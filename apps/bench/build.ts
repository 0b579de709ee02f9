import { globSync } from 'node:fs';
import { rolldown } from 'rolldown';

/** One file each with everything in it, as a server is published: every package costs a start a millisecond. */
for (const input of ['src/memory.ts', 'src/memory-worker.ts', ...globSync('src/{memory,servers}/*.ts')]) {
  await write(input, input.replace(/^src(.*)ts$/, 'dist$1js'));
}

/** Trunkline's once more on the packages as npm installs them, to see what that costs. */
await write('src/servers/stdio.ts', 'dist/servers/stdio-unbundled.js', /^[^./]/);

async function write(input: string, file: string, external: RegExp | string[] = []): Promise<void> {
  const bundle = await rolldown({
    input,
    platform: 'node',
    external,
    onLog(_level, { code, message }) {
      if (code === 'UNRESOLVED_IMPORT') throw new Error(`build the packages first: ${message}`);
    },
  });
  await bundle.write({ file, format: 'esm', codeSplitting: false });
  await bundle.close();
}
