import { authorizationServer } from '@trunkline/auth/server';
import { http } from '@trunkline/transport-http/node';
import { Server } from '@trunkline/session';
import { memoryStore } from '@trunkline/store';

/** The authorization server that the suite drives, beside a server that does nothing. It asks nobody. */
const port = Number(process.env['PORT'] ?? 3001);
const issuer = `http://127.0.0.1:${port}`;
const { app } = authorizationServer({
  issuer,
  store: memoryStore(),
  resources: [`${issuer}/mcp`],
  clients: [{ clientId: 'conformance', redirectUris: ['http://127.0.0.1/callback'] }],
  authenticate: () => ({ subject: 'conformance' }),
  consent: 'always-dangerous',
});
const paths = ['/.well-known/oauth-authorization-server', '/authorize', '/token', '/register'];
const pages = Object.fromEntries(paths.map((path) => [path, (request: Request) => app.fetch(request)]));
await http({ port, pages }).listen(new Server({ name: 'issuer', version: '1.0.0' }));
process.stdout.write('ready\n');
