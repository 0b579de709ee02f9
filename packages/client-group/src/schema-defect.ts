import { isJsonObject, type JsonObject } from '@trunkline/protocol';

const MAX_DEPTH = 64;
const MAX_NODES = 10_000;

/** Says in words why nothing could check a value by this JSON Schema; `undefined` if nothing speaks against it. Bounded. */
export function schemaDefect(schema: unknown): string | undefined {
  if (!isJsonObject(schema)) return 'is not an object';
  const pending: [value: unknown, depth: number][] = [[schema, 0]];
  for (let nodes = 0; pending.length > 0; nodes += 1) {
    if (nodes > MAX_NODES) return `has more than ${MAX_NODES} parts`;
    const [value, depth] = pending.pop() as [unknown, number];
    if (depth > MAX_DEPTH) return `is deeper than ${MAX_DEPTH}`;
    if (typeof value !== 'object' || value === null) continue;
    const defect = Array.isArray(value) ? undefined : partDefect(value as JsonObject, schema);
    if (defect) return defect;
    for (const part of Object.values(value)) pending.push([part, depth + 1]);
  }
  return undefined;
}

function partDefect(part: JsonObject, root: JsonObject): string | undefined {
  const { pattern, $ref } = part;
  if (typeof pattern === 'string' && !compiles(pattern))
    return `has the pattern ${quote(pattern)}, which is none`;
  if (typeof $ref === 'string' && $ref.startsWith('#/') && !resolves($ref, root))
    return `refers to ${quote($ref)}, which is not there`;
  return undefined;
}

function compiles(pattern: string): boolean {
  try {
    return Boolean(new RegExp(pattern, 'u'));
  } catch {
    return compilesLoosely(pattern);
  }
}

/** Many schemas are written for engines without Unicode mode. */
function compilesLoosely(pattern: string): boolean {
  try {
    return Boolean(new RegExp(pattern));
  } catch {
    return false;
  }
}

function resolves(reference: string, root: JsonObject): boolean {
  let found: unknown = root;
  for (const escaped of reference.slice(2).split('/')) {
    const step = decoded(escaped).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return false;
    found = (found as Record<string, unknown>)[step];
  }
  return true;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}
