import fc from 'fast-check';
import type { Definition } from './official-schema.ts';

type Types = Readonly<Record<string, Definition>>;

/** Values of a named type, made from its JSON Schema. */
export function sampleOf(types: Types, type: string): fc.Arbitrary<unknown> {
  return valueOf(types, types[type] ?? {}, 0);
}

/** Values with one place in them emptied or filled with something else; some of them are still valid. */
export function damaged(sample: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const anything = fc.constantFrom<unknown>(null, 5, -1, 1.5, 'x', '', true, [], {}, ['x'], [{}], {
    type: 'text',
  });
  return fc
    .tuple(sample, fc.nat(), anything, fc.boolean())
    .map(([value, place, other, remove]) => replaced(value, place, remove ? undefined : other));
}

/** How deep optional members are filled in; JSON values would otherwise have no end. */
const DEEPEST = 6;

function valueOf(types: Types, schema: Definition, depth: number): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) {
    return valueOf(types, types[schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)] ?? {}, depth + 1);
  }
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((option) => valueOf(types, option, depth + 1)));
  if (schema.allOf) {
    const parts = schema.allOf.map((part) => valueOf(types, part, depth + 1));
    return fc.tuple(...parts).map((values) => Object.assign({}, ...values) as unknown);
  }
  const kinds = [schema.type ?? 'any'].flat();
  return fc.oneof(...kinds.map((kind) => valueOfKind(types, kind, schema, depth)));
}

function valueOfKind(types: Types, kind: string, schema: Definition, depth: number): fc.Arbitrary<unknown> {
  const { minimum = -1000, maximum = 1000 } = schema;
  switch (kind) {
    case 'string':
      return fc.constantFrom('', 'a', 'file:///a', 'ünï');
    case 'integer':
      return fc.integer({ min: minimum, max: maximum });
    case 'number':
      return fc.oneof(
        fc.integer({ min: minimum, max: maximum }),
        fc.double({ min: minimum, max: maximum, noNaN: true }),
      );
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(valueOf(types, schema.items ?? {}, depth + 1), { maxLength: depth < DEEPEST ? 2 : 0 });
    case 'object':
      return objectOf(types, schema, depth);
    default:
      return fc.constantFrom<unknown>(null, 1, 1.5, 'x', false, ['x', null], { x: 1 });
  }
}

function objectOf(types: Types, schema: Definition, depth: number): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema;
  const members = Object.entries(properties).filter(([name]) => depth < DEEPEST || required.includes(name));
  const shape = Object.fromEntries(
    members.map(([name, member]) => [name, valueOf(types, member, depth + 1)]),
  );
  const known = fc.record(shape, { requiredKeys: [...required] });
  if (typeof additionalProperties !== 'object' || depth >= DEEPEST) return known;
  const extra = fc.dictionary(fc.constantFrom('x', 'y'), valueOf(types, additionalProperties, depth + 1), {
    maxKeys: 2,
  });
  return fc.tuple(extra, known).map(([more, own]) => ({ ...more, ...own }));
}

/** The value with its `place`-th part, counted from outside in and modulo their number, replaced or left out. */
function replaced(value: unknown, place: number, other: unknown): unknown {
  const copy: { root: unknown } = structuredClone({ root: value });
  const parts = partsOf(copy);
  const part = parts[place % parts.length];
  if (!part) return other;
  const [parent, key] = part;
  if (other === undefined && key !== 'root' && !Array.isArray(parent)) delete parent[key];
  else parent[key] = other ?? null;
  return copy.root;
}

function partsOf(parent: object): [Record<string, unknown>, string][] {
  return Object.entries(parent).flatMap(([key, value]): [Record<string, unknown>, string][] => [
    [parent as Record<string, unknown>, key],
    ...(typeof value === 'object' && value !== null ? partsOf(value as object) : []),
  ]);
}
