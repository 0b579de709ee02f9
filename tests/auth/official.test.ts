import {
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type StoredOAuthClientInformation,
  type StoredOAuthTokens,
} from '@modelcontextprotocol/client';
import {
  createMcpHandler,
  McpServer,
  OAuthError,
  OAuthErrorCode,
  requireBearerAuth,
} from '@modelcontextprotocol/server';
import { authorizationCode, withAuth } from '@trunkline/auth';
import { authorizationServer } from '@trunkline/auth/server';
import { connect } from '@trunkline/session';
import { memoryStore } from '@trunkline/store';
import { httpClient } from '@trunkline/transport-http';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { follow, guardedServer } from './guarded-server.ts';

/** What the official SDK asks of a program that signs in. */
class Provider implements OAuthClientProvider {
  readonly redirectUrl = 'http://127.0.0.1:1/callback';
  readonly clientMetadata = {
    client_name: 'official',
    redirect_uris: [this.redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
  };
  #client: StoredOAuthClientInformation | undefined;
  #tokens: StoredOAuthTokens | undefined;
  #verifier = '';
  #discovery: OAuthDiscoveryState | undefined;
  callback = '';

  clientInformation(): StoredOAuthClientInformation | undefined {
    return this.#client;
  }
  saveClientInformation(client: StoredOAuthClientInformation): void {
    this.#client = client;
  }
  tokens(): StoredOAuthTokens | undefined {
    return this.#tokens;
  }
  saveTokens(tokens: StoredOAuthTokens): void {
    this.#tokens = tokens;
  }
  async redirectToAuthorization(url: URL): Promise<void> {
    this.callback = await follow(url);
  }
  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }
  saveDiscoveryState(state: OAuthDiscoveryState): void {
    this.#discovery = state;
  }
  discoveryState(): OAuthDiscoveryState | undefined {
    return this.#discovery;
  }
  codeVerifier(): string {
    return this.#verifier;
  }
}

test('the official client signs in to our authorization server and is let in by our server', async () => {
  await using server = await guardedServer();
  const provider = new Provider();
  const reach = async (): Promise<{ client: Client; transport: StreamableHTTPClientTransport }> => {
    const client = new Client({ name: 'official', version: '1.0.0' });
    return {
      client,
      transport: new StreamableHTTPClientTransport(new URL(server.url), { authProvider: provider }),
    };
  };
  const first = await reach();
  await expect(first.client.connect(first.transport)).rejects.toBeInstanceOf(UnauthorizedError);
  await first.transport.finishAuth(new URL(provider.callback).searchParams);
  await first.client.close();
  const { client, transport } = await reach();
  await client.connect(transport);
  const { content } = await client.callTool({ name: 'whoami', arguments: {} });
  expect(content).toEqual([{ type: 'text', text: 'whoami: ann may read' }]);
  await client.close();
});

test('our client signs in to a server that is guarded by the official SDK', async () => {
  const [issuer, url] = ['http://127.0.0.1:9000', 'http://127.0.0.1:9001/mcp'];
  const store = memoryStore();
  onTestFinished(() => store.close());
  const as = authorizationServer({
    issuer,
    store,
    resources: [url],
    scopes: ['mcp'],
    authenticate: () => ({ subject: 'ann' }),
    consent: 'always-dangerous',
  });
  const resourceMetadataUrl = 'http://127.0.0.1:9001/.well-known/oauth-protected-resource/mcp';
  const gate = requireBearerAuth({
    requiredScopes: ['mcp'],
    expectedResource: new URL(url),
    resourceMetadataUrl,
    verifier: {
      async verifyAccessToken(token) {
        const verified = await as.verifyToken(token);
        if (!verified) throw new OAuthError(OAuthErrorCode.InvalidToken, 'not valid');
        const { clientId, scopes, expiresAt, audience } = verified;
        return { token, clientId, scopes: [...scopes], expiresAt, resource: new URL(audience[0] ?? '') };
      },
    },
  });
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'official', version: '1.0.0' });
    server.registerTool('echo', { inputSchema: z.object({ text: z.string() }) }, ({ text }) => ({
      content: [{ type: 'text', text }],
    }));
    return server;
  });
  const town = async (address: string, init: RequestInit): Promise<Response> => {
    const request = new Request(address, init);
    if (address.startsWith(issuer)) return as.app.fetch(request);
    if (address === resourceMetadataUrl)
      return Response.json({ resource: url, authorization_servers: [issuer], scopes_supported: ['mcp'] });
    const auth = await gate(request);
    return auth instanceof Response ? auth : handler.fetch(request, { authInfo: auth });
  };
  const grant = authorizationCode({
    redirectUri: 'http://127.0.0.1:1/callback',
    authorize: async (address) => {
      const response = await as.app.request(address);
      return response.headers.get('location') ?? '';
    },
  });
  for (const era of ['modern', 'legacy'] as const) {
    const dial = httpClient(url, { fetch: withAuth(town, { grant }) });
    await using client = await connect(dial, { eras: [era] });
    const { content } = await client.callTool('echo', { text: 'hello' });
    expect(content).toEqual([{ type: 'text', text: 'hello' }]);
  }
});
