import { TransportError } from '@trunkline/transport';

/** Variables a child inherits; everything else reaches it only when it is named in `env`. */
const INHERITED = {
  posix: ['HOME', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER'],
  windows: [
    'APPDATA',
    'HOMEDRIVE',
    'HOMEPATH',
    'LOCALAPPDATA',
    'PATH',
    'PATHEXT',
    'PROCESSOR_ARCHITECTURE',
    'PROGRAMFILES',
    'SYSTEMDRIVE',
    'SYSTEMROOT',
    'TEMP',
    'USERNAME',
    'USERPROFILE',
  ],
  locale: ['LANG', 'LC_ALL', 'LC_CTYPE', 'TMPDIR', 'TZ'],
} as const;

/** What decides the environment of a child. */
export interface EnvironmentOptions {
  readonly platform: NodeJS.Platform;
  /** The environment that the safe variables are taken from. */
  readonly parent: Readonly<Record<string, string | undefined>>;
  /** What the caller adds or replaces. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Also inherits language, time zone and the temporary directory. */
  readonly locale?: boolean | undefined;
}

/**
 * Guarantees that a child sees the safe variables of its parent and what the caller named, nothing else. Throws
 * `spawn-failed` when the caller's part cannot be an environment: a NUL, an `=` in a name, a value that is no string.
 */
export function childEnvironment(options: EnvironmentOptions): Record<string, string> {
  const { platform, parent, env = {}, locale = false } = options;
  const windows = platform === 'win32';
  const own = Object.entries(env);
  for (const [name, value] of own) checkVariable(name, value);

  const replaced = new Set(own.map(([name]) => (windows ? name.toUpperCase() : name)));
  const names: readonly string[] = [
    ...(windows ? INHERITED.windows : INHERITED.posix),
    ...(locale ? INHERITED.locale : []),
  ];
  const environment: Record<string, string> = {};
  for (const name of names) {
    const value = replaced.has(name) ? undefined : lookUp(parent, name, windows);
    // A value that starts like this is an exported shell function, which a shell would run.
    if (value !== undefined && !value.startsWith('()')) environment[name] = value;
  }
  return Object.assign(environment, env);
}

/** Reads a variable; Windows does not tell `Path` from `PATH`. */
export function lookUp(
  env: Readonly<Record<string, string | undefined>>,
  name: string,
  anyCase: boolean,
): string | undefined {
  if (!anyCase || env[name] !== undefined) return env[name];
  const key = Object.keys(env).find((candidate) => candidate.toUpperCase() === name);
  return key === undefined ? undefined : env[key];
}

function checkVariable(name: string, value: unknown): void {
  const shown = JSON.stringify(name);
  if (name === '' || /[=\0]/.test(name)) {
    throw refused(`the environment variable name ${shown} is empty or contains "=" or NUL; rename it`);
  }
  if (typeof value !== 'string')
    throw refused(`the environment variable ${shown} is ${typeof value}; give it a string`);
  if (value.includes('\0'))
    throw refused(`the value of the environment variable ${shown} contains NUL; remove it`);
}

function refused(reason: string): TransportError {
  return new TransportError('spawn-failed', reason, { delivery: 'not-sent' });
}
