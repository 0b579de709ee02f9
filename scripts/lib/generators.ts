/** Something that writes tracked files from the sources. */
export interface Generator {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
}

/** Everything that `npm run generate` runs, in order. A new generator is one more line. */
export const generators: readonly Generator[] = [
  { name: 'the page of errors', script: 'scripts/errors-page.ts', args: [] },
  { name: 'API reports', script: 'scripts/api-report.ts', args: ['--update'] },
];
