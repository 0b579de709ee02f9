import { messageDefect, type JsonObject, type JsonRpcMessage, type JsonValue } from '@trunkline/protocol';
import type { EncodedResponse } from '@trunkline/transport';

/**
 * A copy of a message as JSON would have made it, without writing the text. `undefined` for whatever is out of the
 * ordinary, so that text decides about it: values that JSON changes or refuses, deep, wide and very long messages, those
 * that are no JSON-RPC, and results that are text already.
 */
export function plainMessage(message: JsonRpcMessage | EncodedResponse): JsonRpcMessage | undefined {
  if (!('jsonrpc' in message)) return undefined;
  const spent: Spent = { values: 0, units: 0 };
  const copy = copyOf(message, 0, spent);
  if (copy === UNUSUAL || isMuch(spent) || messageDefect(copy) !== undefined) return undefined;
  return copy as object as JsonRpcMessage;
}

/** Less than what every link allows. */
const MAX_DEPTH = 50;
const MAX_VALUES = 50_000;
const MAX_UNITS = 1024 * 1024;

const UNUSUAL: unique symbol = Symbol('to be written as text');

interface Spent {
  values: number;
  units: number;
}

function isMuch({ values, units }: Spent): boolean {
  return values > MAX_VALUES || units > MAX_UNITS;
}

function copyOf(value: unknown, depth: number, spent: Spent): JsonValue | typeof UNUSUAL {
  switch (typeof value) {
    case 'string':
      spent.units += value.length;
      return value;
    case 'boolean':
      return value;
    case 'number':
      // Adding nothing turns -0 into the 0 that its text reads as.
      return Number.isFinite(value) ? value + 0 : null;
    case 'object':
      if (value === null) return null;
      if (depth === MAX_DEPTH || isMuch(spent)) return UNUSUAL;
      return Array.isArray(value) ? copyOfList(value, depth, spent) : copyOfObject(value, depth, spent);
    default:
      return UNUSUAL;
  }
}

function copyOfList(list: readonly unknown[], depth: number, spent: Spent): JsonValue | typeof UNUSUAL {
  if ('toJSON' in list) return UNUSUAL;
  spent.values += list.length;
  const copies: JsonValue[] = [];
  for (const value of list) {
    const copy = value === undefined ? null : copyOf(value, depth + 1, spent);
    if (copy === UNUSUAL) return UNUSUAL;
    copies.push(copy);
  }
  return copies;
}

function copyOfObject(object: object, depth: number, spent: Spent): JsonObject | typeof UNUSUAL {
  if (Object.getPrototypeOf(object) !== Object.prototype) return UNUSUAL;
  const copies: JsonObject = {};
  const names = Object.keys(object);
  spent.values += names.length;
  for (const name of names) {
    const value = (object as Readonly<Record<string, unknown>>)[name];
    if (value === undefined) continue;
    const copy = copyOf(value, depth + 1, spent);
    if (copy === UNUSUAL || name === '__proto__') return UNUSUAL;
    copies[name] = copy;
  }
  return copies;
}
