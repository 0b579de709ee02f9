import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { root } from './workspace.ts';

/** A program of a user, what it may weigh, and what must not be in it. */
export interface Bundle {
  readonly name: string;
  /** The package whose check it belongs to. */
  readonly of: string;
  readonly program: string;
  /** Bytes after minifying and gzip. A change that needs more says why. */
  readonly ceiling: number;
  /** What it is meant to reach, where that is less. */
  readonly goal?: number;
  readonly mustNotAppear: Readonly<Record<string, RegExp>>;
}

const NODE = /\bfrom\s*["'`]node:|\bimport\(["'`]node:|\brequire\(/;
const ZOD = /zod/i;
const SERVER = /allowedHosts|there is no such session|is not served here/;

/** The programs whose weight is watched. */
export const bundles: readonly Bundle[] = [
  {
    name: 'connect over HTTP in either era, list, call',
    of: '@trunkline/transport-http',
    program: `
      import { connect } from '@trunkline/session';
      import { httpClient } from '@trunkline/transport-http';
      const client = await connect(httpClient('https://example.com/mcp'));
      const { tools } = await client.listTools();
      globalThis.result = await client.callTool(tools[0].name, {});
    `,
    ceiling: 24_300,
    goal: 9_216,
    mustNotAppear: { 'a Node module': NODE, Zod: ZOD, 'server code': SERVER },
  },
];

/** What a bundle weighs, and what is in it against the rules. */
export interface Weighed {
  readonly raw: number;
  readonly zipped: number;
  readonly intruders: readonly string[];
}

/** Bundles a program from the built packages as a bundler for browsers does. */
export async function weigh({ program, mustNotAppear }: Bundle): Promise<Weighed> {
  const entry = join(root, 'tests', 'program.js');
  const build = await rolldown({
    input: entry,
    platform: 'browser',
    resolve: { conditionNames: ['browser', 'import', 'default'] },
    plugins: [
      {
        name: 'program',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? program : undefined),
      },
    ],
  });
  const { output } = await build.generate({ format: 'esm', minify: true, codeSplitting: false });
  await build.close();
  const { code } = output[0];
  return {
    raw: Buffer.byteLength(code),
    zipped: gzipSync(code, { level: 9 }).length,
    intruders: Object.entries(mustNotAppear).flatMap(([what, pattern]) => (pattern.test(code) ? [what] : [])),
  };
}
