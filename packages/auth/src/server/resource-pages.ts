/** Answers a request for something beside the protocol. */
export type Page = (request: Request) => Response;

/** What is published about an endpoint. */
export interface ResourceDescription {
  /** The address of the endpoint, as clients know it. Tokens must be made for it. */
  readonly resource: string;
  /** Issuers whose tokens are accepted. */
  readonly authorizationServers: readonly string[];
  /** Scopes that every request needs. */
  readonly scopes?: readonly string[];
  /** What is published as all that clients may ask for; `scopes` unless given. */
  readonly scopesSupported?: readonly string[];
  /** What is published besides, such as `resource_name` and `resource_documentation`. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

const FIELDS = {
  'content-type': 'application/json',
  'cache-control': 'public, max-age=300',
  // Public by purpose, and read by clients in any page.
  'access-control-allow-origin': '*',
};

/** The metadata of an endpoint, below its path and at the root. https://www.rfc-editor.org/rfc/rfc9728#section-3 */
export function resourcePages(
  endpoint: URL,
  { resource, authorizationServers, scopes = [], scopesSupported = scopes, metadata }: ResourceDescription,
): { pages: Readonly<Record<string, Page>>; metadataUrl: string } {
  const body = JSON.stringify({
    ...metadata,
    resource,
    authorization_servers: authorizationServers,
    bearer_methods_supported: ['header'],
    ...(scopesSupported.length > 0 && { scopes_supported: scopesSupported }),
  });
  const page: Page = ({ method }) => {
    if (method === 'OPTIONS')
      return new Response(null, { status: 204, headers: { ...FIELDS, 'access-control-allow-headers': '*' } });
    if (method !== 'GET' && method !== 'HEAD')
      return new Response(null, { status: 405, headers: { allow: 'GET, HEAD, OPTIONS' } });
    return new Response(method === 'HEAD' ? null : body, { headers: FIELDS });
  };
  const root = '/.well-known/oauth-protected-resource';
  const path = endpoint.pathname === '/' ? root : `${root}${endpoint.pathname}`;
  return { pages: { [path]: page, [root]: page }, metadataUrl: `${endpoint.origin}${path}` };
}
