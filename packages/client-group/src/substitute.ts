/** Where the variables of a configuration get their values. */
export interface Substitutions {
  /** The variables of the environment, such as `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Answers to the `inputs` that a VS Code file asks for, by id. */
  readonly inputs?: Readonly<Record<string, string>> | undefined;
  readonly workspaceFolder?: string | undefined;
  readonly userHome?: string | undefined;
}

/** Variables that have no value, in the order they were met. */
export type Missing = Set<string>;

/**
 * Puts values in the place of `${NAME}`, `${NAME:-default}`, `${env:NAME}`, `${input:id}`, `${workspaceFolder}`,
 * `${workspaceFolderBasename}`, `${userHome}`, `${pathSeparator}` and `${/}`. A value is taken as it is: nothing in it is
 * substituted again. What has none is left, and added to `missing`.
 */
export function substitute(text: string, from: Substitutions, missing: Missing): string {
  return text.replaceAll(/\$\{([^{}]{1,256})\}/g, (whole, variable: string) => {
    const value = valueOf(variable, from);
    if (value !== undefined) return value;
    missing.add(variable);
    return whole;
  });
}

function valueOf(variable: string, from: Substitutions): string | undefined {
  const { workspaceFolder, userHome } = from;
  if (variable === 'workspaceFolder') return workspaceFolder;
  if (variable === 'workspaceFolderBasename') return workspaceFolder?.split(/[/\\]/).findLast(Boolean);
  if (variable === 'userHome') return userHome;
  if (variable === '/' || variable === 'pathSeparator')
    return separatorOf(workspaceFolder ?? userHome ?? '/');
  const [, kind, rest] = /^(env|input):(.*)$/s.exec(variable) ?? [];
  if (kind === 'input') return own(from.inputs, rest as string);
  const [name, fallback] = split(rest ?? variable);
  const value = own(from.environment, name);
  return value === undefined || (value === '' && fallback !== undefined) ? fallback : value;
}

function split(variable: string): [name: string, fallback?: string] {
  const at = variable.indexOf(':-');
  return at < 0 ? [variable] : [variable.slice(0, at), variable.slice(at + 2)];
}

function separatorOf(path: string): string {
  return /^[A-Za-z]:\\|^\\\\/.test(path) ? '\\' : '/';
}

function own(
  values: Readonly<Record<string, string | undefined>> | undefined,
  name: string,
): string | undefined {
  return values && Object.hasOwn(values, name) ? values[name] : undefined;
}
