import { pathToFileURL } from 'node:url';
import { protectedResource } from '@trunkline/auth';
import { authorizationServer } from '@trunkline/auth/server';
import { createServer, serve, type Serving } from '@trunkline/server-fast';
import { memoryStore } from '@trunkline/store';
import { http } from '@trunkline/transport-http/node';
import { page } from './page.ts';

const AS_ROUTES = ['/authorize', '/token', '/register', '/revoke', '/.well-known/oauth-authorization-server'];

/** A server that asks for tokens, the authorization server that issues them, and a page that signs in: all at one address. */
export async function start(port: number): Promise<Serving> {
  const origin = `http://127.0.0.1:${port}`;
  const resource = `${origin}/mcp`;
  const issuer = authorizationServer({
    issuer: origin,
    store: memoryStore(),
    resources: [resource],
    scopes: ['notes:read', 'notes:write'],
    // Your own login goes here: look at the session of the request, or redirect to the form.
    authenticate: () => ({ subject: 'demo' }),
  });
  const guard = protectedResource({
    resource,
    authorizationServers: [origin],
    tokens: issuer.verifyToken,
    scopes: ['notes:read'],
    operationScopes: ({ name }) => (name === 'add' ? ['notes:write'] : []),
  });
  const notes = ['Buy milk.'];
  const server = createServer({ name: 'notes', version: '1.0.0' })
    .tool('read', { description: 'Reads all notes.' }, () => notes.join('\n'))
    .tool(
      'add',
      {
        description: 'Adds a note.',
        input: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
      },
      ({ text }) => `That makes ${notes.push(text)} notes.`,
    );
  server.core.use(guard.layer);
  const routes = AS_ROUTES.map((path) => [path, (request: Request) => issuer.app.fetch(request)] as const);
  const pages = { ...guard.pages, ...Object.fromEntries(routes), ...(await page()) };
  return serve(server, http({ port, verify: guard.verify, pages }));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const port = Number(process.env['PORT'] ?? 3010);
  await start(port);
  process.stdout.write(
    `A page that signs in: http://127.0.0.1:${port}/\nThe server: http://127.0.0.1:${port}/mcp\n`,
  );
}
