import {
  findMethod,
  isJsonObject,
  mirroredValue,
  type JsonRpcRequest,
  type MirroredParam,
} from '@trunkline/protocol';
import type { RequestHead } from '@trunkline/http-host';
import type { Acceptor } from '@trunkline/transport';
import { decodeFieldValue } from '../field-value.ts';

/**
 * Says in words where the header of a request differs from its body, or `undefined` where nothing does. The body is right.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
 */
export function mirrorDefect(
  head: RequestHead,
  { method, params = {} }: JsonRpcRequest,
  revision: string,
  acceptor: Acceptor,
): string | undefined {
  const version = differs('MCP-Protocol-Version', head.header('mcp-protocol-version'), revision);
  if (version) return version;
  const verb = differs('Mcp-Method', head.header('mcp-method'), method);
  if (verb) return verb;
  const nameParam = findMethod(revision, 'client-request', method)?.nameParam;
  const name = nameParam && params[nameParam];
  if (typeof name !== 'string') return undefined;
  const stated = differs('Mcp-Name', readable(head.header('mcp-name')), name);
  if (stated || method !== 'tools/call') return stated;
  const args = isJsonObject(params['arguments']) ? params['arguments'] : {};
  for (const param of acceptor.mirrorOf?.(name) ?? []) {
    const defect = paramDefect(head, param, mirroredValue(args, param));
    if (defect) return defect;
  }
  return undefined;
}

/** Whether a field says which revision a message is written in, and says it wrongly. */
export function differs(
  field: string,
  stated: string | undefined | typeof UNREADABLE,
  value: string,
): string | undefined {
  if (stated === value) return undefined;
  if (stated === undefined) return `the header ${field} is missing`;
  if (stated === UNREADABLE) return `the header ${field} holds no valid value`;
  return `the header ${field} does not match the body`;
}

const UNREADABLE: unique symbol = Symbol('unreadable');
const PLAIN = /^[\t\x20-\x7e]*$/;
const DECIMAL = /^-?\d{1,16}(?:\.0+)?$/;

function paramDefect(
  head: RequestHead,
  { name }: MirroredParam,
  value: string | number | boolean | undefined,
): string | undefined {
  const field = `Mcp-Param-${name}`;
  const stated = readable(head.header(field.toLowerCase()));
  if (value === undefined)
    return stated === undefined ? undefined : `the header ${field} repeats nothing in the body`;
  const isSameNumber =
    typeof value === 'number' &&
    typeof stated === 'string' &&
    DECIMAL.test(stated) &&
    Number(stated) === value;
  return isSameNumber ? undefined : differs(field, stated, String(value));
}

/** What a field stands for. Only what could have been written by the rules is read. */
function readable(value: string | undefined): string | undefined | typeof UNREADABLE {
  if (value === undefined) return undefined;
  return PLAIN.test(value) ? (decodeFieldValue(value) ?? UNREADABLE) : UNREADABLE;
}
