import { calculatePKCECodeChallenge, generateRandomState } from 'oauth4webapi';
import type { TokenVerifier } from '../server/token-verifier.ts';
import { OAuthError } from './oauth-error.ts';
import type { IssuerOptions } from './options.ts';
import type { AccessRecord, ClientRecord, CodeRecord, GrantRecord } from './records.ts';
import type { Vault } from './vault.ts';

const CODE_LIFETIME = 60_000;
const DAY = 86_400;

/** Issues, exchanges, judges and revokes codes and tokens. */
export class Tokens {
  readonly #vault: Vault;
  readonly #issuer: string;
  readonly #accessLifetime: number;
  readonly #refreshLifetime: number;
  readonly #now: () => number;

  constructor(options: IssuerOptions, vault: Vault) {
    const { issuer, accessTokenLifetime = 600, refreshTokenLifetime = 30 * DAY, now = Date.now } = options;
    this.#vault = vault;
    this.#issuer = issuer;
    this.#accessLifetime = accessTokenLifetime;
    this.#refreshLifetime = refreshTokenLifetime;
    this.#now = now;
  }

  /** A code for what a user has agreed to. It can be exchanged once, within a minute. */
  async issueCode(grant: Omit<GrantRecord, 'id'>, redirectUri: string, challenge: string): Promise<string> {
    const record: CodeRecord = { grant: { id: generateRandomState(), ...grant }, redirectUri, challenge };
    return this.#vault.issue('code', record, CODE_LIFETIME);
  }

  /** Tokens for a code. A code that is shown twice revokes what it was exchanged for. */
  async exchangeCode(client: ClientRecord, form: URLSearchParams): Promise<Record<string, unknown>> {
    const [code, verifier] = [form.get('code'), form.get('code_verifier')];
    if (!code || !verifier) throw new OAuthError('invalid_grant', 'code and code_verifier are needed');
    const taken = await this.#vault.take('code', code, this.#refreshLifetime * 1_000);
    if (taken?.spent) await this.#vault.remove('grant', taken.record.grant.id);
    const { grant, redirectUri, challenge } = taken?.record ?? {};
    const sound =
      taken?.spent === false &&
      grant?.clientId === client.clientId &&
      redirectUri === form.get('redirect_uri') &&
      /^[\w.~-]{43,128}$/.test(verifier) &&
      (await calculatePKCECodeChallenge(verifier)) === challenge;
    if (!sound || !grant)
      throw new OAuthError('invalid_grant', 'the code is not valid for this client and request');
    this.#assertResource(grant, form);
    await this.#vault.put('grant', grant.id, grant, this.#refreshLifetime * 1_000);
    return this.#issue(grant, grant.scopes);
  }

  /** Tokens for a refresh token, which is replaced. One that is shown again revokes all that came of it. */
  async refresh(client: ClientRecord, form: URLSearchParams): Promise<Record<string, unknown>> {
    const secret = form.get('refresh_token');
    const invalid = new OAuthError('invalid_grant', 'the refresh token is not valid for this client');
    if (!secret) throw invalid;
    const found = await this.#vault.find('refresh', secret);
    if (found && found.clientId !== client.clientId) throw invalid;
    if (found) this.#assertResource(found, form);
    const wanted = form.get('scope')?.split(' ') ?? found?.scopes ?? [];
    if (found && !wanted.every((scope) => found.scopes.includes(scope)))
      throw new OAuthError('invalid_scope', 'a refresh asks for no more than was granted');
    const taken = await this.#vault.take('refresh', secret, this.#refreshLifetime * 1_000);
    if (taken?.spent && taken.record.clientId === client.clientId)
      await this.#vault.remove('grant', taken.record.id);
    if (!taken || taken.spent || taken.record.clientId !== client.clientId) throw invalid;
    const grant = await this.#vault.get('grant', taken.record.id);
    if (!grant) throw invalid;
    await this.#vault.put('grant', grant.id, grant, this.#refreshLifetime * 1_000);
    return this.#issue(grant, wanted);
  }

  /** Forgets a token; with a refresh token, all that came of the same grant. Says nothing about others' tokens. */
  async revoke(client: ClientRecord, token: string): Promise<void> {
    const refresh = await this.#vault.find('refresh', token);
    if (refresh?.clientId === client.clientId) await this.#vault.remove('grant', refresh.id);
    const access = await this.#vault.find('access', token);
    if (access?.grant.clientId === client.clientId) await this.#vault.forget('access', token);
  }

  /** What an access token is worth now. */
  verify: TokenVerifier = async (token) => {
    const access = await this.#vault.find('access', token);
    if (!access || access.expiresAt * 1_000 <= this.#now()) return undefined;
    const { grant, expiresAt } = access;
    if (!(await this.#vault.get('grant', grant.id))) return undefined;
    return {
      issuer: this.#issuer,
      subject: grant.subject,
      clientId: grant.clientId,
      scopes: grant.scopes,
      audience: [grant.resource],
      expiresAt,
      claims: { grant: grant.id },
    };
  };

  #assertResource({ resource }: GrantRecord, form: URLSearchParams): void {
    if ((form.get('resource') ?? resource) !== resource)
      throw new OAuthError('invalid_target', 'the grant is for another resource');
  }

  async #issue(grant: GrantRecord, scopes: readonly string[]): Promise<Record<string, unknown>> {
    const lifetime = this.#accessLifetime;
    const access: AccessRecord = {
      grant: { ...grant, scopes },
      expiresAt: Math.floor(this.#now() / 1_000) + lifetime,
    };
    return {
      access_token: await this.#vault.issue('access', access, lifetime * 1_000),
      token_type: 'Bearer',
      expires_in: lifetime,
      refresh_token: await this.#vault.issue('refresh', grant, this.#refreshLifetime * 1_000),
      ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    };
  }
}
