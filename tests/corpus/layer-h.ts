import type { Entry, Expectation, Rejection, Surface } from './entry.ts';

/** Authorization: servers and attackers that want tokens, and clients that want more than they may. */
export const layerH: readonly Entry[] = [
  client(
    'H001',
    'metadata in a private network',
    'WWW-Authenticate that names http://169.254.169.254/latest',
    {
      rejects: authError('discovery'),
      note: 'https only, public addresses only after they are resolved, no redirect elsewhere',
    },
  ),
  client(
    'H003',
    'authorization servers that are none',
    'javascript:, file:, a private address, none at all, 10,000',
    {
      rejects: authError('discovery'),
    },
  ),
  client(
    'H004',
    'an authorization page that is a command',
    'an address with $(calc), with javascript:, with a newline',
    {
      rejects: authError('discovery'),
      note: 'no shell ever sees it',
    },
  ),
  client(
    'H005',
    'metadata of another issuer',
    'an issuer that differs from its address, also by a slash, by case, by the port',
    {
      rejects: authError('issuer-mismatch'),
    },
  ),
  client(
    'H006',
    'an answer of another issuer',
    'a callback with another iss, with none where one is promised, with an error and a wrong one',
    {
      rejects: authError('issuer-mismatch'),
      note: 'the code is not used, the error is not shown',
    },
  ),
  client(
    'H007',
    'an answer to another question',
    'a callback without state, with a wrong one, a used one, one of ten minutes ago',
    {
      rejects: authError('denied'),
    },
  ),
  client(
    'H008',
    'a server that changes its authorization server',
    'another authorization server after signing in',
    {
      rejects: authError('issuer-mismatch'),
      note: 'no secret and no refresh token reaches it',
    },
  ),
  client(
    'H009',
    'no proof of possession',
    'code_challenge_methods_supported is missing, or knows plain only',
    {
      rejects: authError('discovery'),
    },
  ),
  client(
    'H010',
    'metadata of another resource',
    'a resource on another host, beside ours, that begins like ours',
    {
      rejects: authError('discovery'),
    },
  ),
  client('H012', 'a server that is never content', '401 after every refresh, 403 for every scope', {
    rejects: authError('denied'),
    note: 'one refresh and one step up for each call',
  }),
  server(
    'H015',
    'a code that proves nothing',
    'a token request without a verifier, with a wrong one, a used code, the code of another client',
    {
      status: 400,
      note: 'invalid_grant; a code that comes twice takes its tokens with it',
    },
  ),
  server(
    'H017',
    'a consent that was meant for somebody else',
    'an attacker’s address, opened by a user who agreed upstream before',
    {
      note: 'consent is asked for each client, and belongs to the browser that gave it',
    },
  ),
  server(
    'H018',
    'a page made of parameters',
    'error_description and client_name in the page of the callback',
    {
      note: 'they are escaped, and the page may load nothing',
    },
  ),
  client('H019', 'a clock that is wrong', 'five minutes before and after, against the times in a token', {
    note: 'a minute is forgiven, tokens are renewed a minute early, waiting uses a clock that never jumps',
  }),
];

function authError(code: string): Rejection {
  return { family: 'AuthError', code };
}

function client(id: string, about: string, scenario: string, expect: Expectation): Entry {
  return entry(id, about, 'auth-client', scenario, expect);
}

function server(id: string, about: string, scenario: string, expect: Expectation): Entry {
  return entry(id, about, 'auth-server', scenario, expect);
}

function entry(id: string, about: string, on: Surface, scenario: string, expect: Expectation): Entry {
  return { id, about, on: [on], input: { scenario }, expect };
}
