import { exec } from './lib/exec.ts';
import { generators } from './lib/generators.ts';

for (const { name, script, args } of generators) {
  console.log(`generate: ${name}`);
  if (exec('node', [script, ...args]) !== 0) process.exitCode = 1;
}
