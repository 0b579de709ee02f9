import { RemoteError } from '@trunkline/protocol';
import type { AuthInfo, Origin } from '@trunkline/transport';
import { AuthError } from '../auth-error.ts';
import { isLoopbackName } from '../client/addresses.ts';
import { challengeFor, type Refusal } from './challenge.ts';
import type { Challenge, RequestHead, Verify } from './head.ts';
import { resourcePages, type Page, type ResourceDescription } from './resource-pages.ts';
import type { TokenVerifier, VerifiedToken } from './token-verifier.ts';

/** What is asked of a server: a method, and the tool, prompt or resource that it is about. */
export interface Operation {
  readonly method: string;
  readonly name?: string | undefined;
}

/** A server that asks for tokens. */
export interface ProtectedResourceOptions extends ResourceDescription {
  /** Who says what a token is worth: `jwtTokens`, `introspectedTokens`, a function of yours, or several, asked in turn. */
  readonly tokens: TokenVerifier | readonly TokenVerifier[];
  /** Further scopes that an operation needs. */
  readonly operationScopes?: (operation: Operation) => readonly string[];
  /** Whether a token with these scopes may do what `required` stands for; equal ones unless given. */
  readonly satisfies?: (granted: readonly string[], required: string) => boolean;
  /** Audiences that tokens may have instead of `resource`. `unchecked-dangerous` accepts tokens that were made for others. */
  readonly audience?: readonly string[] | 'unchecked-dangerous';
  /** Where the time comes from, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** What a transport and a server need of a protected resource. */
export interface ProtectedResource {
  /** Says who sends a request. The `verify` option of a transport. */
  readonly verify: Verify;
  /** The metadata, by path. The `pages` option of a listener on Node. */
  readonly pages: Readonly<Record<string, Page>>;
  /** Where the metadata is. */
  readonly metadataUrl: string;
  /**
   * Refuses operations whose scopes the sender lacks, wherever the request came from. A layer for `server.use`: legacy
   * requests do not name their operation before their body.
   */
  readonly layer: OperationLayer;
}

/** Wraps handlers. */
export type OperationLayer = <Params extends object, Ctx extends { method: string; origin: Origin }, Result>(
  next: (params: Params, context: Ctx) => Result,
) => (params: Params, context: Ctx) => Result;

const LEEWAY = 60;

/**
 * Protects an endpoint: no request passes without a token of a trusted issuer that was made for this endpoint, holds now,
 * and has the scopes. Tokens are neither kept, logged nor passed on. Throws `misuse` for options that protect nothing.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization
 */
export function protectedResource(options: ProtectedResourceOptions): ProtectedResource {
  const endpoint = checkOptions(options);
  const { tokens, scopes = [], operationScopes = () => [], satisfies = includes, now = Date.now } = options;
  const verifiers = typeof tokens === 'function' ? [tokens] : tokens;
  const { pages, metadataUrl } = resourcePages(endpoint, options);
  const needs = (operation: Operation): string[] => [...new Set([...scopes, ...operationScopes(operation)])];
  const refuse = (refusal: Refusal, needed: readonly string[], description?: string): Challenge =>
    challengeFor(refusal, {
      resourceMetadata: metadataUrl,
      scopes: needed,
      ...(description !== undefined && { description }),
    });
  const verify = async (head: RequestHead): Promise<AuthInfo | Challenge> => {
    const operation = operationOf(head);
    const field = head.header('authorization');
    if (!operation) return refuse('invalid_request', scopes, 'the operation cannot be read');
    const needed = needs(operation);
    if (field === undefined) return refuse('missing', needed);
    const token = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(field)?.[1];
    if (token === undefined)
      return /^Bearer\b/i.test(field)
        ? refuse('invalid_request', needed, 'the Authorization field is malformed')
        : refuse('missing', needed);
    const verified = await firstOf(verifiers, token);
    const objection = verified ? objectionTo(verified, options, now()) : 'the token is not valid here';
    if (!verified || objection !== undefined) return refuse('invalid_token', needed, objection);
    if (!needed.every((scope) => satisfies(verified.scopes, scope)))
      return refuse('insufficient_scope', needed, 'the operation needs more scopes');
    return identityOf(verified);
  };
  const layer: OperationLayer = (next) => (params, context) => {
    const operation = { method: context.method, name: nameIn(params) };
    const needed = needs(operation);
    const granted = context.origin.auth?.scopes ?? [];
    if (needed.every((scope) => satisfies(granted, scope))) return next(params, context);
    throw new RemoteError(403, `${context.method} needs the scopes ${needed.join(' ')}`, {
      scope: needed.join(' '),
    });
  };
  return { verify, pages, metadataUrl, layer };
}

function checkOptions({
  resource,
  authorizationServers,
  audience,
  scopes = [],
}: ProtectedResourceOptions): URL {
  const url = URL.canParse(resource) ? new URL(resource) : undefined;
  const secure = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackName(url.hostname));
  if (!url || !secure || resource.includes('#'))
    throw new AuthError('misuse', 'resource must be the https address of the endpoint, without fragment');
  if (authorizationServers.length === 0)
    throw new AuthError('misuse', 'authorizationServers must name at least one issuer');
  if (audience?.length === 0)
    throw new AuthError('misuse', "audience must not be empty; leave it out, or say 'unchecked-dangerous'");
  if (!scopes.every((scope) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope)))
    throw new AuthError('misuse', 'a scope has no spaces, quotes or backslashes');
  return url;
}

async function firstOf(
  verifiers: readonly TokenVerifier[],
  token: string,
): Promise<VerifiedToken | undefined> {
  for (const verifier of verifiers) {
    const verified = await verifier(token);
    if (verified) return verified;
  }
  return undefined;
}

function objectionTo(
  { issuer, audience, expiresAt }: VerifiedToken,
  { authorizationServers, resource, audience: accepted = [resource] }: ProtectedResourceOptions,
  now: number,
): string | undefined {
  if (issuer !== undefined && !authorizationServers.includes(issuer)) return 'the issuer is not trusted here';
  if (accepted !== 'unchecked-dangerous' && !audience.some((one) => accepted.includes(one)))
    return 'the token was made for another server';
  return Number.isFinite(expiresAt) && now / 1_000 < expiresAt + LEEWAY ? undefined : 'the token has expired';
}

function identityOf({ clientId, scopes, issuer, subject, expiresAt, claims }: VerifiedToken): AuthInfo {
  return {
    clientId,
    scopes,
    expiresAt,
    ...(issuer !== undefined && { issuer }),
    ...(subject !== undefined && { subject }),
    ...(claims && { claims }),
  };
}

/** What the fields of a modern request say it is; the transport compares them with the body. `undefined`: unreadable. */
function operationOf({ header }: RequestHead): Operation | undefined {
  const method = header('mcp-method') ?? '';
  const name = header('mcp-name');
  const encoded = name === undefined ? undefined : /^=\?base64\?(.*)\?=$/s.exec(name)?.[1];
  if (encoded === undefined) return { method, name };
  try {
    const bytes = Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
    return { method, name: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return undefined;
  }
}

function nameIn(params: object): string | undefined {
  const { name, uri } = params as { name?: unknown; uri?: unknown };
  return [name, uri].find((value) => typeof value === 'string');
}

function includes(granted: readonly string[], required: string): boolean {
  return granted.includes(required);
}
