import { isJsonObject, type JsonObject, type JsonValue } from '@trunkline/protocol';
import { GroupError } from './group-error.ts';
import type { ServerParameters } from './parameters.ts';
import { substitute, type Missing, type Substitutions } from './substitute.ts';

/** What a configuration file says. */
export interface Configuration {
  /** The servers by name, ready for `connectToServers`. */
  readonly servers: Readonly<Record<string, ServerParameters>>;
  /** Entries that cannot be used, and why. */
  readonly problems: readonly { readonly server: string; readonly reason: string }[];
  /** Servers that the file itself turns off. */
  readonly disabled: readonly string[];
  /** What the file wants to ask the user, as VS Code files do: ask, and pass the answers as `inputs`. */
  readonly inputs: readonly {
    readonly id: string;
    readonly description?: string;
    readonly password: boolean;
  }[];
}

/** Servers that one file may have. */
const MAX_SERVERS = 1_000;

const DANGEROUS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads the common `mcpServers` JSON, as a value or as text: the files of Claude Desktop and Claude Code, of Cursor
 * (`mcp.json`), of VS Code (`mcp.json` with `servers` and `inputs`, `settings.json` with `mcp`). A bad entry is reported and
 * its neighbours are read. Throws a `GroupError` if nothing in it is a list of servers.
 */
export function readConfig(source: unknown, from: Substitutions = {}): Configuration {
  const file = typeof source === 'string' ? parsed(source) : source;
  const [listed, inputs] = serversIn(file);
  const names = Object.keys(listed);
  if (names.length > MAX_SERVERS)
    throw new GroupError(
      'bad-parameters',
      `the configuration has ${names.length} servers, more than ${MAX_SERVERS}`,
    );
  const servers: Record<string, ServerParameters> = {};
  const problems: { server: string; reason: string }[] = [];
  const disabled: string[] = [];
  for (const server of names) {
    const entry = listed[server];
    if (isJsonObject(entry) && (entry['disabled'] === true || entry['enabled'] === false)) {
      disabled.push(server);
      continue;
    }
    const read = DANGEROUS.has(server) ? 'cannot be called that' : readEntry(entry, from);
    if (typeof read === 'string') problems.push({ server, reason: read });
    else servers[server] = read;
  }
  return { servers, problems, disabled, inputs: inputsIn(inputs) };
}

function parsed(text: string): unknown {
  try {
    // Editors on Windows begin files with a mark.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new GroupError('bad-parameters', `the configuration is not JSON: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** The entries by name wherever the file has them, and what it wants to ask. */
function serversIn(file: unknown): [servers: JsonObject, inputs: JsonValue | undefined] {
  if (isJsonObject(file)) {
    const { mcpServers, servers, mcp, inputs } = file;
    for (const listed of [mcpServers, servers]) if (isJsonObject(listed)) return [listed, inputs];
    if (isJsonObject(mcp)) return serversIn(mcp);
  }
  throw new GroupError('bad-parameters', 'the configuration has neither mcpServers nor servers');
}

/** One entry, or why it cannot be used. */
function readEntry(entry: JsonValue | undefined, from: Substitutions): ServerParameters | string {
  if (!isJsonObject(entry)) return 'is not an object';
  const missing: Missing = new Set();
  const { type, command, args, env, cwd, envFile, url, serverUrl, httpUrl, headers, method } = substituted(
    entry,
    from,
    missing,
  ) as JsonObject;
  if (missing.size > 0) return `has no value for ${[...missing].map((name) => `\${${name}}`).join(', ')}`;
  if (type !== undefined && typeof type !== 'string') return 'type is not a string';
  const address = url ?? serverUrl ?? httpUrl;
  if (command !== undefined) {
    if (!isText(command) && !isTexts(command)) return 'command is not a string';
    if (args !== undefined && !isTexts(args)) return 'args is not a list of strings';
    if (env !== undefined && !isVariables(env)) return 'env is not an object of strings';
    if (cwd !== undefined && !isText(cwd)) return 'cwd is not a string';
    if (envFile !== undefined) return 'has an envFile: read it, and pass what it says as env';
    if (type !== undefined && type !== 'stdio') return `has a command, but the type ${JSON.stringify(type)}`;
    return { command, ...(args && { args }), ...(env && { env: texts(env) }), ...(cwd && { cwd }) };
  }
  if (address === undefined) return 'has neither a command nor a url';
  if (!isText(address) || !URL.canParse(address)) return 'url is not an address';
  if (headers !== undefined && !isVariables(headers)) return 'headers is not an object of strings';
  if (method !== undefined && typeof method !== 'string') return 'method is not a string';
  const shared = { url: address, ...(headers && { headers: texts(headers) }) };
  if (type === 'sse') return { type, ...shared };
  if (type === 'ws' || type === 'websocket' || /^wss?:/i.test(address)) return { type: 'ws', url: address };
  if (type !== undefined && !['http', 'streamable-http', 'streamableHttp'].includes(type))
    return `has the type ${JSON.stringify(type)}, which nothing here dials`;
  return { ...(type !== undefined && { type: 'http' }), ...shared, ...(method !== undefined && { method }) };
}

function substituted(value: JsonValue, from: Substitutions, missing: Missing): JsonValue {
  if (typeof value === 'string') return substitute(value, from, missing);
  if (Array.isArray(value)) return value.map((item) => substituted(item, from, missing));
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).map(([key, member]) => [
    key,
    substituted(member as JsonValue, from, missing),
  ]);
  return Object.fromEntries(members) as JsonObject;
}

function inputsIn(inputs: JsonValue | undefined): Configuration['inputs'] {
  if (!Array.isArray(inputs)) return [];
  return inputs
    .filter(isJsonObject)
    .flatMap(({ id, description, password }) =>
      typeof id === 'string'
        ? [{ id, ...(typeof description === 'string' && { description }), password: password === true }]
        : [],
    );
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

function isTexts(value: JsonValue): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** Files often have numbers and booleans where strings belong. */
function isVariables(value: JsonValue): value is Record<string, string | number | boolean> {
  return (
    isJsonObject(value) &&
    Object.values(value).every((item) => ['string', 'number', 'boolean'].includes(typeof item))
  );
}

function texts(values: Record<string, string | number | boolean>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}
