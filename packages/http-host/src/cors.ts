import { TransportError } from '@trunkline/transport';
import type { Fields, RequestHead } from './head.ts';

/** Which pages of other origins may call and read what they get. */
export interface CorsOptions {
  /** Origins, each written out. They count as allowed origins too. */
  readonly origins: readonly string[];
  /** Seconds for which a browser may remember the answer to a preflight; 600 unless given. */
  readonly maxAge?: number;
}

/** Answers preflights and marks answers. */
export interface Cors {
  /** The fields that every answer to this request carries. */
  fieldsFor(origin: string | undefined): Fields;
  /** The fields that answer a preflight; `undefined` if the request is none. */
  preflight(head: RequestHead): Fields | undefined;
}

/** Throws `misuse` for a wildcard: what a page may read belongs to somebody. */
export function createCors({ origins, maxAge = 600 }: CorsOptions): Cors {
  if (origins.includes('*')) {
    throw new TransportError('misuse', 'cors.origins cannot be "*"; list the origins whose pages may call', {
      delivery: 'not-sent',
    });
  }
  const allowed = new Set(origins.map((origin) => origin.toLowerCase()));
  const fieldsFor = (origin: string | undefined): Fields =>
    origin === undefined || !allowed.has(origin.toLowerCase())
      ? NOT_ALLOWED
      : { ...NOT_ALLOWED, 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED };
  return {
    fieldsFor,
    preflight(head) {
      const method = head.header('access-control-request-method');
      if (head.method !== 'OPTIONS' || method === undefined) return undefined;
      const asked = head.header('access-control-request-headers')?.toLowerCase().split(',') ?? [];
      const known = asked.map((name) => name.trim()).filter((name) => KNOWN.test(name));
      return {
        'access-control-allow-methods': 'GET, POST, DELETE',
        'access-control-max-age': String(maxAge),
        ...(known.length > 0 && { 'access-control-allow-headers': known.join(', ') }),
      };
    },
  };
}

const NOT_ALLOWED: Fields = { vary: 'origin' };
const EXPOSED = 'Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate';
const KNOWN =
  /^(?:accept|authorization|content-type|last-event-id|mcp-protocol-version|mcp-session-id|mcp-method|mcp-name|mcp-param-[\w!#$%&'*+.^`|~-]{1,100})$/;
