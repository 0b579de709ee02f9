import { win32 } from 'node:path';
import { TransportError } from '@trunkline/transport';

/**
 * The command line that makes cmd.exe run a batch file with exactly these arguments. Windows cannot start one without
 * cmd.exe, which reads the line by rules of its own: quotes keep its operators literal, here and where the script repeats
 * its arguments, and a substring of nothing keeps `%NAME%` from being replaced. Throws `spawn-failed` for what no quoting
 * carries: line breaks.
 */
export function batchCommandLine(file: string, args: readonly string[]): string {
  const words = [file, ...args];
  const broken = words.find((word) => /[\r\n]/.test(word));
  if (broken !== undefined) {
    throw new TransportError(
      'spawn-failed',
      `an argument for the batch file "${file}" contains a line break, which cmd.exe cannot pass on; start the program behind it directly`,
      { delivery: 'not-sent' },
    );
  }
  return `/e:ON /v:OFF /d /s /c "${words.map(quoted).join(' ')}"`;
}

/** Where cmd.exe is: never looked up on PATH. */
export function commandInterpreter(environment: Readonly<Record<string, string | undefined>>): string {
  const root = environment['SystemRoot'] ?? environment['SYSTEMROOT'] ?? 'C:\\Windows';
  return win32.join(root, 'System32', 'cmd.exe');
}

function quoted(word: string): string {
  // Backslashes count double before a quote, the closing one included; a quote inside is written twice.
  const escaped = word.replace(
    /(\\*)("|$)/g,
    (_, slashes: string, quote: string) => slashes + slashes + quote + quote,
  );
  return `"${escaped.replaceAll('%', '%%cd:~,%')}"`;
}
