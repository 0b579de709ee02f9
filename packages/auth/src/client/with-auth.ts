import { AuthError } from '../auth-error.ts';
import { Account } from './account.ts';
import { readChallenge } from './challenge.ts';
import type { Fetch } from './documents.ts';
import type { AuthOptions } from './options.ts';
import type { Tokens } from './tokens.ts';
import { untilAborted } from './until-aborted.ts';

/** A `fetch` that signs in where it must. */
export interface AuthFetch {
  (url: string, init: RequestInit): Promise<Response>;
  /** Signs in before the first request, which gives up sooner than people do. Rejects with an `AuthError`. */
  signIn(server?: string | URL): Promise<void>;
  /** Forgets the tokens. */
  signOut(server?: string | URL): Promise<void>;
}

/**
 * Wraps `fetch` so that requests to one server carry its token, to no other origin, and are repeated once the server's
 * challenge is met: with a refreshed token, after a sign-in, and once after asking for more scopes. Sign-ins and refreshes
 * happen once for all requests that wait. Rejects with an `AuthError` when that leads nowhere.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization
 */
export function withAuth(fetch: Fetch, options: AuthOptions): AuthFetch {
  let account = options.server === undefined ? undefined : open(options.server);
  function open(server: string | URL): Account {
    if (!URL.canParse(server)) throw new AuthError('misuse', 'server must be an address');
    return new Account(new URL(server), fetch, options);
  }
  function accountFor(server: string | URL | undefined): Account {
    if (!account && server === undefined)
      throw new AuthError('misuse', 'say which server to sign in to: signIn(url), or the option server');
    account ??= open(server as string | URL);
    return account;
  }
  const send = async (url: string, init: RequestInit): Promise<Response> => {
    const { server } = accountFor(url);
    return new URL(url).origin === server.origin
      ? converse(fetch, accountFor(url), url, init)
      : fetch(url, init);
  };
  return Object.assign(send, {
    signIn: async (server?: string | URL) => accountFor(server).signIn(),
    signOut: async (server?: string | URL) => accountFor(server).keep(undefined),
  });
}

async function converse(fetch: Fetch, account: Account, url: string, init: RequestInit): Promise<Response> {
  const signal = init.signal ?? undefined;
  let held = await untilAborted(account.current(), signal);
  const done = { nonce: false, refresh: false, grant: false, stepUp: false };
  for (;;) {
    const response = await account.present(fetch, held, url, init);
    // A stream can be read once, so its sender has to repeat the request.
    if ((response.status !== 401 && response.status !== 403) || init.body instanceof ReadableStream)
      return response;
    const challenge = await readChallenge(response);
    if (response.status === 403 && (challenge.error !== 'insufficient_scope' || !held)) return response;
    await response.body?.cancel();
    if (challenge.wantsNonce && !done.nonce) {
      done.nonce = true;
    } else if (response.status === 403) {
      if (done.stepUp) throw refused(account, 'insufficient-scope', 403, challenge.error);
      done.stepUp = true;
      ({ tokens: held } = await untilAborted(account.stepUp(held as Tokens, challenge), signal));
    } else {
      if (done.grant) throw refused(account, 'unauthorized', 401, challenge.error);
      const { tokens, fresh } = await untilAborted(account.renew(held, challenge, !done.refresh), signal);
      held = tokens;
      done.grant = fresh || done.refresh;
      done.refresh = true;
    }
  }
}

function refused(
  { server }: Account,
  code: 'unauthorized' | 'insufficient-scope',
  status: number,
  reason: string | undefined,
): AuthError {
  const what =
    code === 'unauthorized' ? 'refuses a token that it has not seen before' : 'refuses what it asked for';
  return new AuthError(code, `${server.host} ${what}`, { status, ...(reason !== undefined && { reason }) });
}
