import { findMethod, findRevision, type JsonRpcMessage } from '@trunkline/protocol';
import type { SendOptions } from '@trunkline/transport';
import { encodeFieldValue } from '../field-value.ts';

/** The header fields that repeat what a message says, so that intermediaries need not read it. https://modelcontextprotocol.io/specification/2026-07-28/basic/transports#streamable-http */
export function envelopeOf(message: JsonRpcMessage, options: SendOptions): Record<string, string> {
  const fields: Record<string, string> = {};
  const { revision, mirror = {} } = options;
  if (revision === undefined) return fields;
  fields['mcp-protocol-version'] = revision;
  if (findRevision(revision)?.era !== 'modern' || !('method' in message)) return fields;
  fields['mcp-method'] = message.method;
  const nameParam = findMethod(revision, 'client-request', message.method)?.nameParam;
  const name = nameParam && message.params?.[nameParam];
  if (typeof name === 'string') fields['mcp-name'] = encodeFieldValue(name);
  for (const [suffix, value] of Object.entries(mirror))
    fields[`mcp-param-${suffix.toLowerCase()}`] = encodeFieldValue(String(value));
  return fields;
}
