import { isJsonObject, type JsonObject } from '@trunkline/protocol';
import { NAMED_BY, type ComponentKind, type Quarantined } from './components.ts';
import { schemaDefect } from './schema-defect.ts';

/** What was let in of one list, by its own name, and what was not. */
export interface Admitted {
  readonly definitions: ReadonlyMap<string, object>;
  readonly quarantined: readonly Quarantined[];
}

/** How a list is judged. */
export interface Admission {
  readonly server: string;
  readonly kind: ComponentKind;
  /** Throws if a schema cannot be used. */
  readonly checkSchema: ((schema: JsonObject) => void) | undefined;
  readonly maxComponents: number;
}

const MAX_NAME = 128;
const MAX_URI = 8 * 1024;
const MAX_REASON = 500;

/** Judges every item of a list by itself, so that a bad one costs its neighbours nothing. */
export function admit(items: readonly unknown[], admission: Admission): Admitted {
  const { server, kind, maxComponents } = admission;
  const definitions = new Map<string, object>();
  const quarantined: Quarantined[] = [];
  for (const item of items) {
    const name = isJsonObject(item) ? item[NAMED_BY[kind]] : undefined;
    const reason =
      definitions.size >= maxComponents
        ? `the server offers more than ${maxComponents}`
        : (defectOf(item, name, admission) ??
          (definitions.has(name as string) ? 'is offered twice' : undefined));
    if (reason === undefined) definitions.set(name as string, item as object);
    else if (quarantined.length < maxComponents)
      quarantined.push({ server, kind, name: shown(name), reason: reason.slice(0, MAX_REASON) });
  }
  return { definitions, quarantined };
}

function defectOf(item: unknown, name: unknown, { kind, checkSchema }: Admission): string | undefined {
  if (!isJsonObject(item)) return 'is not an object';
  const defect = kind === 'tools' || kind === 'prompts' ? nameDefect(name) : uriDefect(name);
  if (defect || kind !== 'tools') return defect;
  const { inputSchema, outputSchema } = item;
  const input = typeDefect(inputSchema) ?? usable(inputSchema, checkSchema);
  if (input) return `inputSchema ${input}`;
  const output = outputSchema === undefined ? undefined : usable(outputSchema, checkSchema);
  return output && `outputSchema ${output}`;
}

/** Arguments are an object, so their schema says so. */
function typeDefect(schema: unknown): string | undefined {
  if (!isJsonObject(schema) || schema['type'] === 'object') return undefined;
  return `has the type ${JSON.stringify(schema['type'])} and not "object"`;
}

function usable(schema: unknown, check: Admission['checkSchema']): string | undefined {
  const defect = schemaDefect(schema);
  if (defect || !check) return defect;
  try {
    check(schema as JsonObject);
    return undefined;
  } catch (error) {
    return `cannot be used: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** https://modelcontextprotocol.io/specification/2026-07-28/server/tools */
function nameDefect(name: unknown): string | undefined {
  if (typeof name !== 'string' || name === '') return 'has no name';
  if (name.length > MAX_NAME) return `has a name of ${name.length} characters`;
  return /[\p{C}\p{Z}]/u.test(name) ? 'has a name with blanks or control characters' : undefined;
}

function uriDefect(uri: unknown): string | undefined {
  if (typeof uri !== 'string' || uri === '') return 'has no URI';
  if (uri.length > MAX_URI) return `has a URI of ${uri.length} characters`;
  return /\p{C}/u.test(uri) ? 'has a URI with control characters' : undefined;
}

function shown(name: unknown): string {
  return typeof name === 'string' ? name.slice(0, MAX_NAME) : '';
}
