import { AuthError } from '../auth-error.ts';
import { Account } from './account.ts';
import { parametersOf, takePending } from './authorize.ts';
import type { Fetch } from './documents.ts';
import type { AuthorizationCodeGrant } from './grants/authorization-code.ts';
import type { AuthOptions } from './options.ts';

/** The options that `withAuth` was given, with the store that outlived the page. */
export interface FinishSignInOptions extends AuthOptions {
  readonly grant: AuthorizationCodeGrant;
  readonly store: NonNullable<AuthOptions['store']>;
  readonly fetch?: Fetch;
}

/**
 * Completes a sign-in that left the page: takes the address that the user came back to and puts the tokens into the store,
 * where `withAuth` finds them. Resolves with the address of the server. Rejects with an `AuthError`.
 */
export async function finishSignIn(callback: string | URL, options: FinishSignInOptions): Promise<string> {
  const { grant, store, now = Date.now, fetch = (url, init) => globalThis.fetch(url, init) } = options;
  const parameters = parametersOf(callback);
  const pending = await takePending(store, parameters, now());
  const account = new Account(new URL(pending.server), fetch, options);
  const discovery = await account.discoveryOf(pending.issuer, pending.resource);
  const tokens = await grant.complete(pending, parameters, await account.request(discovery, pending.scopes));
  if (tokens.issuer !== pending.issuer)
    throw new AuthError('issuer-mismatch', `${pending.issuer} was asked, and not ${tokens.issuer}`);
  await account.keep(tokens);
  return pending.server;
}
