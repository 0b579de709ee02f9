import type { Writable } from 'node:stream';

const MAX_NOTICES = 20;

/** A stream whose own `write` leads elsewhere. */
export interface OutputGuard {
  /** Writes to the stream itself. */
  readonly put: (text: string, written: (error?: Error | null) => void) => void;
  /** Gives the stream its own `write` back. */
  readonly release: () => void;
}

/**
 * Guarantees that only `put` reaches `output`: what other code writes to it (`console.log`, a library's banner) goes to
 * `aside` instead, with a notice that names the place, once per place and at most 20 times. What bypasses the stream,
 * such as `fs.writeSync(1)` or a child process that inherited it, cannot be held back.
 */
export function guardOutput(output: Writable, aside: Writable): OutputGuard {
  const own = Object.getOwnPropertyDescriptor(output, 'write');
  const original = output.write.bind(output);
  const named = new Set<string>();

  const guarded = (...args: Parameters<Writable['write']>): boolean => {
    if (named.size < MAX_NOTICES) {
      const place = callSite();
      if (!named.has(place)) {
        named.add(place);
        aside.write(
          `stdout carries MCP messages only; this was written to it ${place} and goes to stderr:\n`,
        );
      }
    }
    return aside.write(...args);
  };
  output.write = guarded as Writable['write'];

  return {
    put: (text, written) => void original(text, 'utf8', written),
    release() {
      // Somebody may have put a function of their own over ours; theirs stays.
      if (output.write !== guarded) return;
      if (own) Object.defineProperty(output, 'write', own);
      else Reflect.deleteProperty(output, 'write');
    },
  };
}

/** The first stack frame that is neither ours nor Node's. */
function callSite(): string {
  const frames = new Error('call site').stack?.split('\n').slice(1) ?? [];
  const frame = frames.find((line) => !line.includes(import.meta.url) && !line.includes('node:'));
  return frame?.trim() ?? 'at an unknown place';
}
