import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** Judges what is on the wire by the JSON Schema that the specification publishes for one revision. */
export interface OfficialSchema {
  readonly revision: string;
  /** The JSON Schema of each type; a `$ref` ends with the name of another. */
  readonly types: Readonly<Record<string, Definition>>;
  /** Whether the revision names a type so. */
  has(type: string): boolean;
  /** What is wrong with a value of a named type; nothing when it is valid. */
  validate(type: string, value: unknown): string[];
  /**
   * What is wrong with a whole message: its frame, whether this side may send it, its params or result. A response is
   * judged by the method of the request that it answers.
   */
  validateMessage(message: unknown, from: 'client' | 'server', answers?: string): string[];
}

/** As much of a JSON Schema as the published files use. */
export interface Definition {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Definition[];
  readonly allOf?: readonly Definition[];
  readonly properties?: Readonly<Record<string, Definition>>;
  readonly additionalProperties?: Definition | boolean;
  readonly required?: readonly string[];
  readonly items?: Definition;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
}

/** An example that the specification publishes for a type. */
export interface OfficialExample {
  readonly type: string;
  readonly file: string;
  readonly value: unknown;
}

const shared = process.env['TRUNKLINE_SHARED'] ?? fileURLToPath(new URL('../../../shared', import.meta.url));

/** Why tests against the specification's own files are skipped; `undefined` when the files are there. */
export const missingShared: string | undefined = existsSync(`${shared}/schema`)
  ? undefined
  : `not run (needs ../shared): there is no schema/*.json in ${shared}; TRUNKLINE_SHARED may name another folder`;

/** The official schema of a revision; `undefined` when the files are not there. */
export function officialSchema(revision: string): OfficialSchema | undefined {
  const file = `${shared}/schema/${revision}.json`;
  const known = LOADED.get(revision);
  if (known || !existsSync(file)) return known;
  const loaded = load(revision, JSON.parse(readFileSync(file, 'utf8'), mend) as SchemaFile);
  LOADED.set(revision, loaded);
  return loaded;
}

/** Every official example of a revision; none when the files are not there. */
export function officialExamples(revision: string): OfficialExample[] {
  const folder = `${shared}/schema/examples-${revision}`;
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((type) =>
    readdirSync(`${folder}/${type}`).map((file) => ({
      type,
      file,
      value: JSON.parse(readFileSync(`${folder}/${type}/${file}`, 'utf8')) as unknown,
    })),
  );
}

type SchemaFile = { $defs?: Record<string, Definition>; definitions?: Record<string, Definition> };
type Judge = ((value: unknown) => boolean) & { errors?: { instancePath: string; message?: string }[] | null };

const LOADED = new Map<string, OfficialSchema>();

/**
 * The generator of the published files writes `number` as `integer` in a choice of simple types, and leaves `null` out of
 * the JSON values. https://github.com/modelcontextprotocol/modelcontextprotocol/blob/main/schema/2026-07-28/schema.ts
 */
function mend(name: string, value: unknown): unknown {
  if (name === 'JSONValue') return {};
  const slip = Array.isArray(value) && value.join() === 'string,integer,boolean';
  return name === 'type' && slip ? ['string', 'number', 'boolean'] : value;
}

function load(revision: string, file: SchemaFile): OfficialSchema {
  const section = file.$defs ? '$defs' : 'definitions';
  const types = file[section] ?? {};
  const options = { strict: false, validateFormats: false, allErrors: true };
  const ajv = file.$defs ? new Ajv2020(options) : new Ajv(options);
  ajv.addSchema(file, 'mcp');
  const has = (type: string): boolean => Object.hasOwn(types, type);
  const validate = (type: string, value: unknown): string[] => {
    if (!has(type)) return [`${revision} has no type ${type}`];
    const judge = ajv.getSchema(`mcp#/${section}/${type}`) as Judge;
    if (judge(value)) return [];
    return (judge.errors ?? []).map((error) => `${type}${error.instancePath} ${error.message ?? 'is wrong'}`);
  };
  return {
    revision,
    types,
    has,
    validate,
    validateMessage(message, from, answers) {
      const frame = validate('JSONRPCMessage', message);
      if (frame.length > 0) return frame;
      const { method, result } = message as { method?: string; result?: { resultType?: unknown } };
      if (method !== undefined) {
        const type = typeOf(types, method, 'id' in (message as object) ? 'Request' : 'Notification', from);
        return type ? validate(type, message) : [`${revision} lets no ${from} send ${method}`];
      }
      if (result === undefined || answers === undefined) return [];
      const type = typeOf(types, answers, 'Request', from === 'client' ? 'server' : 'client');
      if (!type) return [`${revision} has no answer to ${answers} from a ${from}`];
      return validate(resultOf(has, type, result), result);
    },
  };
}

/** The type whose `method` is this one, among those that the side may send. */
function typeOf(
  types: Record<string, Definition>,
  method: string,
  kind: 'Request' | 'Notification',
  from: 'client' | 'server',
): string | undefined {
  const side = types[`${from === 'client' ? 'Client' : 'Server'}${kind}`];
  const members = (side?.anyOf ?? []).map(({ $ref = '' }) => $ref.slice($ref.lastIndexOf('/') + 1));
  // A side with one kind of message is not written as a choice.
  const only = kind === 'Notification' && side?.properties ? ['CancelledNotification'] : [];
  return [...members, ...only].find((name) => types[name]?.properties?.['method']?.const === method);
}

function resultOf(has: (type: string) => boolean, request: string, result: { resultType?: unknown }): string {
  if (result.resultType === 'input_required') return 'InputRequiredResult';
  const named = request.replace(/Request$/, 'Result');
  return has(named) ? named : 'EmptyResult';
}
