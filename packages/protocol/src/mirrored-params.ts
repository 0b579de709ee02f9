import { isJsonObject, own } from './json.ts';
import type { JsonObject, JsonValue } from './json.ts';

/** An argument of a tool that the envelope repeats. */
export interface MirroredParam {
  /** What follows `Mcp-Param-` in the name of the envelope's field, as the schema writes it. */
  readonly name: string;
  /** Where the value is, from the root of the arguments. */
  readonly path: readonly string[];
  readonly type: 'string' | 'integer' | 'boolean';
}

/**
 * The arguments that a tool's input schema marks with `x-mcp-header`, or in words what is wrong with the marks: then a
 * client of a binding with an envelope must not offer the tool. https://modelcontextprotocol.io/specification/2026-07-28/server/tools
 */
export function findMirroredParams(inputSchema: JsonObject): readonly MirroredParam[] | string {
  const found: MirroredParam[] = [];
  const reachable = new Set<JsonValue>();
  const defect = collect(inputSchema, [], found, reachable) ?? strayMark(inputSchema, reachable);
  if (defect !== undefined) return defect;
  const names = found.map(({ name }) => name.toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? found : `x-mcp-header ${JSON.stringify(twice)} is used twice`;
}

/** The value of a mirrored argument in a call; `undefined` if the call has none. */
export function mirroredValue(
  args: JsonObject,
  { path }: MirroredParam,
): string | number | boolean | undefined {
  let at: JsonValue | undefined = args;
  for (const key of path) at = isJsonObject(at) ? own(at, key) : undefined;
  return typeof at === 'string' || typeof at === 'number' || typeof at === 'boolean' ? at : undefined;
}

const MARK = 'x-mcp-header';
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/;

/** Follows `properties` only: what else a schema can say does not tell where a value is. */
function collect(
  schema: JsonObject,
  path: string[],
  found: MirroredParam[],
  reachable: Set<JsonValue>,
): string | undefined {
  const properties = own(schema, 'properties');
  if (!isJsonObject(properties)) return undefined;
  for (const [key, property] of Object.entries(properties)) {
    if (!isJsonObject(property)) continue;
    const at = [...path, key];
    if (Object.hasOwn(property, MARK)) {
      const param = read(property, at);
      if (typeof param === 'string') return param;
      reachable.add(property);
      found.push(param);
    }
    const defect = collect(property, at, found, reachable);
    if (defect !== undefined) return defect;
  }
  return undefined;
}

function read(property: JsonObject, path: string[]): MirroredParam | string {
  const name = property[MARK];
  const { type } = property;
  const where = `x-mcp-header of ${path.join('.')}`;
  if (typeof name !== 'string' || !TOKEN.test(name)) return `${where} is not the name of a field`;
  if (type !== 'string' && type !== 'integer' && type !== 'boolean')
    return `${where}: only string, integer and boolean can be repeated`;
  return { name, path, type };
}

/** A mark where no value can be found, such as below `items` or `oneOf`. */
function strayMark(value: JsonValue | undefined, reachable: Set<JsonValue>): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value) && typeof value[MARK] === 'string' && !reachable.has(value))
    return `x-mcp-header ${JSON.stringify(value[MARK])} marks a value whose place is not fixed`;
  for (const member of Object.values(value)) {
    const defect = strayMark(member, reachable);
    if (defect !== undefined) return defect;
  }
  return undefined;
}
