import { readdirSync, readFileSync } from 'node:fs';

/** A process as the operating system lists it. */
export interface ListedProcess {
  readonly pid: number;
  readonly command: string;
}

/** Every process whose command line has this word, whoever started it; those that wait to be collected count too. */
export function processesWith(word: string): ListedProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      const command = commandOf(name);
      return command.includes(word) ? [{ pid: Number(name), command }] : [];
    });
}

/** The processes that this one started and that are not gone, zombies included. */
export function children(): ListedProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === process.pid)
    .map((name) => ({ pid: Number(name), command: commandOf(name) }));
}

function parentOf(pid: string): number {
  const stat = read(`/proc/${pid}/stat`);
  // The name of the program is in parentheses and may have blanks; what follows is the state and the parent.
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function commandOf(pid: string): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
}

/** Empty for a process that ended while it was being looked at. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
