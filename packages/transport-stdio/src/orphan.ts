import type { ProcessGroup } from './process-group.ts';

const LAST_GRACE_MS = 250;
const DEADLY = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const children = new Set<ProcessGroup>();

/**
 * Guarantees that a child and its group end with this process when it exits, throws, or is ended by SIGINT, SIGTERM or
 * SIGHUP: SIGTERM, a quarter of a second, SIGKILL. Returns the function that gives the child up again. A process that is
 * killed outright runs nothing: then its children see their stdin end, which is what a server exits on.
 */
export function endWithParent(group: ProcessGroup): () => void {
  if (children.size === 0) watch();
  children.add(group);
  return () => {
    if (children.delete(group) && children.size === 0) unwatch();
  };
}

function watch(): void {
  process.on('exit', endAll);
  for (const signal of DEADLY) process.on(signal, onSignal);
}

function unwatch(): void {
  process.off('exit', endAll);
  for (const signal of DEADLY) process.off(signal, onSignal);
}

// Children lead their own process group, so a terminal's Ctrl-C does not reach them: it is passed on here.
function onSignal(signal: NodeJS.Signals): void {
  // Whoever else listens decides whether this process ends; if it does, `exit` follows.
  if (process.listenerCount(signal) > 1) return;
  unwatch();
  endAll();
  process.kill(process.pid, signal);
}

function endAll(): void {
  if (children.size === 0) return;
  for (const group of children) group.terminate();
  // Nothing asynchronous runs any more, so the grace is a sleep.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LAST_GRACE_MS);
  for (const group of children) group.kill();
  children.clear();
}
