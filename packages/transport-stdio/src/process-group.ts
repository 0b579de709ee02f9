import type { ChildProcess } from 'node:child_process';
import type { System } from './system.ts';

/** A child and everything it started, as far as the platform can name that. */
export interface ProcessGroup {
  readonly child: ChildProcess;
  /** The child itself has ended; what it started may live on. */
  readonly leaderGone: () => boolean;
  /** The child and all that the platform can still name of what it started have ended. */
  readonly gone: () => boolean;
  /** Asks all of them to end. */
  readonly terminate: () => void;
  /** Ends all of them. */
  readonly kill: () => void;
}

/** Groups by process group on POSIX, where the child leads its own; by `taskkill /T` on Windows, while the child lives. */
export function processGroup(child: ChildProcess, system: System): ProcessGroup {
  return system.platform === 'win32' ? windowsTree(child, system) : posixGroup(child);
}

function posixGroup(child: ChildProcess): ProcessGroup {
  const signal = (name: NodeJS.Signals | 0): boolean => {
    if (child.pid === undefined) return false;
    try {
      return process.kill(-child.pid, name);
    } catch {
      // ESRCH: nobody is left. EPERM: what is left is not ours to end, or (macOS) only zombies.
      return false;
    }
  };
  const leaderGone = (): boolean => hasExited(child);
  return {
    child,
    leaderGone,
    gone: () => leaderGone() && !signal(0),
    terminate: () => void signal('SIGTERM'),
    kill: () => void signal('SIGKILL'),
  };
}

function windowsTree(child: ChildProcess, system: System): ProcessGroup {
  const taskkill = (): void => {
    if (child.pid === undefined || hasExited(child)) return;
    const root = system.environment['SystemRoot'] ?? system.environment['SYSTEMROOT'] ?? 'C:\\Windows';
    const file = `${root}\\System32\\taskkill.exe`;
    const killer = system.spawn(file, ['/pid', String(child.pid), '/T', '/F'], {
      stdio: 'ignore',
      windowsHide: true,
    });
    killer.on('error', () => child.kill());
  };
  // A console program has no signal to ask it with: closing its stdin was the question.
  return {
    child,
    leaderGone: () => hasExited(child),
    gone: () => hasExited(child),
    terminate: taskkill,
    kill: taskkill,
  };
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
