import { protectedResource } from '@trunkline/auth';
import { authorizationServer, type AuthorizationServerOptions } from '@trunkline/auth/server';
import { Server } from '@trunkline/session';
import { memoryStore } from '@trunkline/store';
import { http, type HttpOptions } from '@trunkline/transport-http/node';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A server on loopback that asks for tokens, with its authorization server on the same port. */
export interface GuardedServer extends AsyncDisposable {
  readonly issuer: string;
  readonly url: string;
  /** The user whom the authorization server sees. */
  user: string;
  /** How often each path of the authorization server was asked for. */
  readonly visits: ReadonlyMap<string, number>;
}

/** The tool `whoami` tells who calls; `erase` needs the scope `write`. */
export async function guardedServer(
  options: Partial<AuthorizationServerOptions> = {},
  web: Pick<HttpOptions, 'cors'> = {},
): Promise<GuardedServer> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const url = `${issuer}/mcp`;
  const state = { user: 'ann' };
  const store = memoryStore();
  const as = authorizationServer({
    issuer,
    store,
    resources: [url],
    scopes: ['read', 'write'],
    authenticate: () => ({ subject: state.user }),
    consent: 'always-dangerous',
    ...options,
  });
  const resource = protectedResource({
    resource: url,
    authorizationServers: [issuer],
    tokens: as.verifyToken,
    scopes: ['read'],
    operationScopes: ({ name }) => (name === 'erase' ? ['write'] : []),
  });
  const visits = new Map<string, number>();
  const routes = ['/authorize', '/token', '/register', '/revoke', '/.well-known/oauth-authorization-server'];
  const pages = routes.map((path) => [
    path,
    (request: Request): Response | Promise<Response> => {
      visits.set(path, (visits.get(path) ?? 0) + 1);
      return as.app.fetch(request);
    },
  ]);
  const server = new Server({ name: 'guarded', version: '1.0.0' }, { capabilities: { tools: {} } });
  server.use(resource.layer);
  const inputSchema = { type: 'object' } as const;
  server.handle('tools/list', () => ({
    tools: [
      { name: 'whoami', inputSchema },
      { name: 'erase', inputSchema },
    ],
  }));
  server.handle('tools/call', ({ name }, { origin }) => ({
    content: [
      { type: 'text', text: `${name}: ${origin.auth?.subject} may ${origin.auth?.scopes.join(' ')}` },
    ],
  }));
  const listening = await http({
    ...web,
    port,
    verify: resource.verify,
    pages: { ...resource.pages, ...Object.fromEntries(pages) },
  }).listen(server);
  return {
    issuer,
    url,
    visits,
    get user() {
      return state.user;
    },
    set user(user) {
      state.user = user;
    },
    async [Symbol.asyncDispose]() {
      await listening.close();
      await server.close();
      await store.close();
    },
  };
}

/** Follows the redirects of an authorization server that asks nobody, to where they leave it. */
export async function follow(url: string | URL): Promise<string> {
  const response = await fetch(url, { redirect: 'manual' });
  await response.body?.cancel();
  return response.headers.get('location') ?? '';
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
