import { AuthError } from '../auth-error.ts';
import type { Fetch } from './documents.ts';
import { readDocument } from './read-document.ts';

/** What a protected resource says about itself. https://www.rfc-editor.org/rfc/rfc9728 */
export interface ResourceMetadata {
  /** Its identifier, exactly as published. */
  readonly resource: string;
  readonly authorizationServers: readonly string[];
  readonly scopes?: readonly string[];
}

const MAX_AUTHORIZATION_SERVERS = 16;

/**
 * What `server` publishes about itself: at the address that a challenge named, else below its path and at its root.
 * `undefined` if there is nothing. Rejects with `resource-mismatch` for the metadata of anything else.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization
 */
export async function findResourceMetadata(
  fetch: Fetch,
  server: URL,
  named: string | undefined,
  signal?: AbortSignal,
): Promise<ResourceMetadata | undefined> {
  const init = { method: 'GET', headers: { accept: 'application/json' }, ...(signal && { signal }) };
  for (const place of named === undefined ? placesOf(server) : [named]) {
    const document = await readDocument(await fetch(place, init));
    if (document) return validate(document, server);
  }
  if (named === undefined) return undefined;
  throw new AuthError('discovery', `there is no metadata at the address that ${server.host} names`);
}

function placesOf({ origin, pathname }: URL): Set<string> {
  const root = `${origin}/.well-known/oauth-protected-resource`;
  return new Set([pathname === '/' ? root : `${root}${pathname}`, root]);
}

function validate(document: Record<string, unknown>, server: URL): ResourceMetadata {
  const { resource, authorization_servers: issuers, scopes_supported: scopes } = document;
  if (typeof resource !== 'string' || !covers(resource, server)) {
    const shown = typeof resource === 'string' ? JSON.stringify(resource.slice(0, 200)) : 'nothing';
    throw new AuthError(
      'resource-mismatch',
      `the metadata of ${server.origin}${server.pathname} is about ${shown}`,
    );
  }
  if (!isStrings(issuers) || issuers.length === 0 || issuers.length > MAX_AUTHORIZATION_SERVERS) {
    throw new AuthError(
      'metadata-invalid',
      `the metadata of ${server.host} must name between 1 and ${MAX_AUTHORIZATION_SERVERS} authorization servers`,
    );
  }
  return { resource, authorizationServers: issuers, ...(isStrings(scopes) && { scopes }) };
}

/** Whether an identifier is that of the server, or of what it lies within: the same origin, and whole segments of the path. */
function covers(resource: string, server: URL): boolean {
  if (!URL.canParse(resource) || resource.includes('#')) return false;
  const url = new URL(resource);
  if (url.origin !== server.origin || url.username !== '' || url.password !== '') return false;
  if (url.search !== '' && url.search !== server.search) return false;
  const path = url.pathname.replace(/\/$/, '');
  return server.pathname === path || server.pathname.startsWith(`${path}/`);
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
