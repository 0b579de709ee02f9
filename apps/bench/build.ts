import { globSync, rmSync } from 'node:fs';
import { rolldown } from 'rolldown';

rmSync('dist', { recursive: true, force: true });

// Each bundled with all it imports, as a server is published: every package costs a start a millisecond.
for (const input of ['src/memory.ts', 'src/memory-worker.ts', ...globSync('src/{memory,servers}/*.ts')]) {
  await write(input, input.replace(/^src\/(.*)\.ts$/, '$1'));
}

// Trunkline's once more on the packages as npm installs them, to see what that costs.
await write('src/servers/stdio.ts', 'servers/stdio-unbundled', /^[^./]/);

async function write(input: string, name: string, external: RegExp | string[] = []): Promise<void> {
  const bundle = await rolldown({
    input: { [name]: input },
    platform: 'node',
    external,
    onLog(_level, { code, message }) {
      if (code === 'UNRESOLVED_IMPORT') throw new Error(`build the packages first: ${message}`);
    },
  });
  await bundle.write({ dir: 'dist', format: 'esm', chunkFileNames: `${name}/[name].js` });
  await bundle.close();
}
