import { capture, exec } from './lib/exec.ts';

// Regenerating rewrites files, so it is left to CI, where the checkout is nobody's work in progress.
if (process.env['CI'] || process.argv.includes('--force')) {
  const before = state();
  if (exec('node', ['scripts/generate.ts']) !== 0) process.exitCode = 1;
  if (state() !== before) {
    exec('git', ['--no-pager', 'status', '--short']);
    exec('git', ['--no-pager', 'diff', '--stat']);
    console.error('Generated files are out of date: npm run generate, read the difference, and commit it.');
    process.exitCode = 1;
  }
} else {
  console.log('left to CI (npm run generate brings them up to date)');
}

function state(): string {
  return capture('git', ['status', '--porcelain', '--untracked-files=all']) + capture('git', ['diff']);
}
