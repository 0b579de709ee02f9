import type { TokenEndpointResponse } from 'oauth4webapi';
import { scopesOf } from './challenge.ts';

/** Access that was granted, and by whom to whom. */
export interface Tokens {
  readonly issuer: string;
  readonly clientId: string;
  readonly resource?: string;
  readonly accessToken: string;
  readonly tokenType: 'bearer' | 'dpop';
  /** Milliseconds since 1970. */
  readonly expiresAt?: number;
  readonly refreshToken?: string;
  /** What was asked for, over time: step-up asks for more, never for less. */
  readonly requested: readonly string[];
  readonly granted: readonly string[];
}

/** What a token response is an answer to. */
export interface TokenContext {
  readonly issuer: string;
  readonly clientId: string;
  readonly resource?: string | undefined;
  readonly requested: readonly string[];
  readonly now: number;
  /** Tokens that are replaced; what the response leaves out is kept. */
  readonly previous?: Tokens;
}

const EARLY = 60_000;

/** The tokens of a response that the library has accepted. */
export function tokensFrom(response: TokenEndpointResponse, context: TokenContext): Tokens {
  const { issuer, clientId, resource, requested, now, previous } = context;
  const refreshToken = response.refresh_token ?? previous?.refreshToken;
  return {
    issuer,
    clientId,
    ...(resource !== undefined && { resource }),
    accessToken: response.access_token,
    tokenType: response.token_type === 'dpop' ? 'dpop' : 'bearer',
    ...(response.expires_in !== undefined && { expiresAt: now + response.expires_in * 1_000 }),
    ...(refreshToken !== undefined && { refreshToken }),
    requested,
    granted: response.scope === undefined ? (previous?.granted ?? requested) : scopesOf(response.scope),
  };
}

/** Whether tokens are better replaced before they are used: within their last minute. */
export function isExpiring({ expiresAt }: Tokens, now: number): boolean {
  return expiresAt !== undefined && now >= expiresAt - EARLY;
}

/** The tokens that a store kept, or `undefined` if they are not what was put there. */
export function parseTokens(record: Record<string, unknown> | undefined): Tokens | undefined {
  if (!record) return undefined;
  const { issuer, clientId, accessToken, tokenType, requested, granted } = record;
  const sound =
    [issuer, clientId, accessToken].every((value) => typeof value === 'string' && value !== '') &&
    (tokenType === 'bearer' || tokenType === 'dpop') &&
    [requested, granted].every(isStrings) &&
    [record['refreshToken'], record['resource']].every((value) =>
      ['string', 'undefined'].includes(typeof value),
    ) &&
    ['number', 'undefined'].includes(typeof record['expiresAt']);
  return sound ? (record as unknown as Tokens) : undefined;
}

function isStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
