import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { resolve as resolvePath } from 'node:path';
import { TransportError } from '@trunkline/transport';
import { batchCommandLine, commandInterpreter } from './batch-file.ts';
import { childEnvironment } from './environment.ts';
import { findProgram } from './find-program.ts';
import type { SpawnRequest, StdioServerParameters } from './parameters.ts';
import type { System } from './system.ts';

/** What decides how a process is started, beside its parameters. */
export interface SpawnSettings {
  readonly locale?: boolean | undefined;
  readonly stderr: 'pipe' | 'inherit' | 'ignore';
  readonly approve?: ((request: SpawnRequest) => boolean | Promise<boolean>) | undefined;
  /** Gives up until the process is started. */
  readonly signal: AbortSignal;
}

/** A checked start: the exact arguments of `spawn`. */
export interface SpawnPlan {
  /** The program as the caller named it; for messages, since arguments may hold secrets. */
  readonly command: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly options: SpawnOptions & { readonly cwd: string; readonly env: Record<string, string> };
}

/** Guarantees that what it returns is well-formed, exists and was approved. Throws `spawn-failed` otherwise, before anything ran. */
export async function planSpawn(
  parameters: StdioServerParameters,
  settings: SpawnSettings,
  system: System,
): Promise<SpawnPlan> {
  const [command, ...args] = words(parameters);
  const cwd = resolvePath(parameters.cwd ?? '.');
  const { platform, environment: parent } = system;
  const env = childEnvironment({ platform, parent, env: parameters.env, locale: settings.locale });
  if (parameters.cwd !== undefined && (await system.probe(cwd)) !== 'directory') {
    throw refused(
      command,
      `its working directory ${cwd} is no directory (ENOENT); create it or correct \`cwd\``,
    );
  }
  const file = await findProgram(command, cwd, env, system);
  const options = {
    cwd,
    env,
    stdio: ['pipe', 'pipe', settings.stderr] satisfies SpawnOptions['stdio'],
    shell: false,
    windowsHide: true,
    // Leads a process group of its own, so that one signal reaches all that it starts.
    detached: platform !== 'win32',
  };
  const plan =
    platform === 'win32' && /\.(?:bat|cmd)$/i.test(file)
      ? {
          command,
          file: commandInterpreter(parent),
          args: [batchCommandLine(file, args)],
          options: { ...options, windowsVerbatimArguments: true },
        }
      : { command, file, args, options: { ...options, argv0: command } };
  await approved(plan, parameters, settings);
  return plan;
}

/** Starts a planned process. Rejects with `spawn-failed` if the operating system refuses; no error event is left unheard. */
export function startProcess(plan: SpawnPlan, system: System): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const failed = (cause: unknown): void => reject(refused(plan.command, hint(cause), cause));
    try {
      const child = system.spawn(plan.file, plan.args, plan.options);
      child.once('spawn', () => resolve(child));
      child.on('error', failed);
    } catch (cause) {
      failed(cause);
    }
  });
}

function words({ command, args = [] }: StdioServerParameters): [string, ...string[]] {
  const [program, ...rest] = [...(typeof command === 'string' ? [command] : command), ...args];
  if (typeof program !== 'string' || program === '') throw refused('', '`command` is empty; name a program');
  for (const word of [program, ...rest]) {
    if (typeof word !== 'string') throw refused(program, `an argument is ${typeof word}; give strings`);
    if (word.includes('\0')) throw refused(program, 'an argument contains NUL; remove it');
  }
  return [program, ...rest];
}

async function approved(
  plan: SpawnPlan,
  parameters: StdioServerParameters,
  settings: SpawnSettings,
): Promise<void> {
  if (!settings.approve) return;
  const { createHash } = await import('node:crypto');
  const { cwd, env } = plan.options;
  const argv = [plan.file, ...plan.args];
  const own = Object.entries(parameters.env ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([argv, cwd, own]))
    .digest('hex');
  const request = { argv, cwd, env: Object.keys(env).toSorted(), fingerprint };
  // Whoever approves may be a person who never answers.
  const decision = await Promise.race([settings.approve(request), aborted(settings.signal)]);
  settings.signal.throwIfAborted();
  if (decision === true) return;
  throw refused(plan.command, 'the `approve` option refused it');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function refused(command: string, reason: string, cause?: unknown): TransportError {
  const text = `cannot start ${JSON.stringify(command)}: ${reason}`;
  return new TransportError('spawn-failed', text, {
    delivery: 'not-sent',
    ...(cause === undefined ? {} : { cause }),
  });
}

function hint(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  switch (code) {
    case 'ENOENT':
      return 'the interpreter named in its first line does not exist (ENOENT)';
    case 'EACCES':
    case 'EPERM':
      return `permission denied (${code}); make the file executable`;
    case 'ENOEXEC':
      return 'it is no program for this machine (ENOEXEC); a script needs a #! line';
    case 'E2BIG':
      return 'arguments and environment are too long (E2BIG)';
    default:
      return `the operating system refused (${code})`;
  }
}
