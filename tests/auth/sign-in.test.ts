import { authorizationCode, ClientAuth, isAuthError, withAuth, type AuthFetch } from '@trunkline/auth';
import { connect } from '@trunkline/session';
import { httpClient } from '@trunkline/transport-http';
import { describe, expect, test } from 'vitest';
import { follow, guardedServer } from './guarded-server.ts';

const REDIRECT = 'http://127.0.0.1:1/callback';

function agreeable(): AuthFetch {
  const grant = authorizationCode({ redirectUri: REDIRECT, authorize: (url) => follow(url) });
  return withAuth((url, init) => fetch(url, init), { grant });
}

/** What a failure comes down to. */
function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? rootOf(error.cause) : error;
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => new Error('it did not fail'),
    (error: unknown) => rootOf(error),
  );
}

describe.each(['modern', 'legacy'] as const)('a %s client', (era) => {
  test('signs in and is known by name', async () => {
    await using server = await guardedServer();
    await using client = await connect(httpClient(server.url, { fetch: agreeable() }), { eras: [era] });
    const { content } = await client.callTool('whoami');
    expect(content).toEqual([{ type: 'text', text: 'whoami: ann may read' }]);
    expect(server.visits.get('/authorize')).toBe(1);
  });

  test('is turned away with the reason when the user says no', async () => {
    await using server = await guardedServer();
    const grant = authorizationCode({
      redirectUri: REDIRECT,
      authorize: async (url) => {
        const { searchParams } = new URL(url);
        return `${REDIRECT}?error=access_denied&state=${searchParams.get('state')}&iss=${server.issuer}`;
      },
    });
    const authFetch = withAuth((url, init) => fetch(url, init), { grant });
    const error = await failureOf(connect(httpClient(server.url, { fetch: authFetch }), { eras: [era] }));
    expect(isAuthError(error) && [error.code, error.reason]).toEqual(['denied', 'access_denied']);
  });

  test('cannot use a token of its own making', async () => {
    await using server = await guardedServer();
    const headers = ClientAuth({ token: 'made-up' }).headers();
    const error = await failureOf(connect(httpClient(server.url, { headers }), { eras: [era] }));
    expect(error).toMatchObject({ code: 'refused', status: 401 });
  });
});

test('a modern client asks for more scopes when a tool needs them', async () => {
  await using server = await guardedServer();
  await using client = await connect(httpClient(server.url, { fetch: agreeable() }), { eras: ['modern'] });
  await client.callTool('whoami');
  const { content } = await client.callTool('erase');
  expect(content).toEqual([{ type: 'text', text: 'erase: ann may read write' }]);
  expect(server.visits.get('/authorize')).toBe(2);
});

test('a legacy client is told which scopes a tool needs, and its call has no effect', async () => {
  await using server = await guardedServer();
  await using client = await connect(httpClient(server.url, { fetch: agreeable() }), { eras: ['legacy'] });
  await expect(client.callTool('erase')).rejects.toMatchObject({ code: 403, data: { scope: 'read write' } });
});

test('a session of one user is no session for another', async () => {
  await using server = await guardedServer();
  let session = '';
  const ann = agreeable();
  const listening = async (url: string, init: RequestInit): Promise<Response> => {
    const response = await ann(url, init);
    session ||= response.headers.get('mcp-session-id') ?? '';
    return response;
  };
  await using client = await connect(httpClient(server.url, { fetch: listening }), { eras: ['legacy'] });
  await client.callTool('whoami');
  expect(session).not.toBe('');
  server.user = 'bob';
  const bob = agreeable();
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'whoami' } };
  const response = await bob(server.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-session-id': session,
      'mcp-protocol-version': '2025-11-25',
    },
    body: JSON.stringify(call),
  });
  await response.body?.cancel();
  expect(response.status).toBe(404);
  expect((await client.callTool('whoami')).content).toEqual([{ type: 'text', text: 'whoami: ann may read' }]);
});
