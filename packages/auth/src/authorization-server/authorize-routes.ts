import type { Context } from 'hono';
import { assertOnce, readForm } from './body.ts';
import { bindBrowser, isBoundBrowser } from './browser-binding.ts';
import type { Clients } from './clients.ts';
import { consentPage, failurePage } from './consent-page.ts';
import { OAuthError } from './oauth-error.ts';
import type { IssuerOptions } from './options.ts';
import type { AuthorizationRequest, ClientRecord, Ticket } from './records.ts';
import { isRegistered } from './redirect-uris.ts';
import type { Vault } from './vault.ts';

/** What is done once a user has agreed, and who the user is. */
export interface ConsentSteps {
  /** Who is signed in, where this server knows it; a response sends the user to sign in. */
  identify?(request: Request): Promise<string | Response>;
  /** The user agreed: answers the client, or asks further. */
  agreed(context: Context, ticket: Ticket): Promise<Response>;
}

export const TICKET_LIFETIME = 600_000;

/** Shows who asks and for what, and takes the answer: once, within ten minutes, and from the same browser. */
export class AuthorizeRoutes {
  readonly #options: IssuerOptions;
  readonly #clients: Clients;
  readonly #vault: Vault;
  readonly #steps: ConsentSteps;

  constructor(options: IssuerOptions, clients: Clients, vault: Vault, steps: ConsentSteps) {
    this.#options = options;
    this.#clients = clients;
    this.#vault = vault;
    this.#steps = steps;
  }

  async ask(context: Context): Promise<Response> {
    const { searchParams: parameters } = new URL(context.req.url);
    const [clientId, redirectUri] = [parameters.get('client_id'), parameters.get('redirect_uri')];
    const client = clientId === null ? undefined : await this.#clients.find(clientId);
    if (!client) return failurePage('The program that sent you here is not known.');
    // Nobody is sent to an address that the client did not register, not even with an error.
    if (redirectUri === null || !isRegistered(redirectUri, client.redirectUris))
      return failurePage('The program that sent you here gave an address that it has not registered.');
    try {
      const request = soundRequest(parameters, { clientId: client.clientId, redirectUri }, this.#options);
      return await this.#put(context, client, request);
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      const { error: code, message } = error;
      return this.answer(
        { redirectUri, ...(parameters.has('state') && { state: parameters.get('state') ?? '' }) },
        { error: code, error_description: message },
      );
    }
  }

  async decide(context: Context): Promise<Response> {
    const { origin } = new URL(this.#options.issuer);
    if ((context.req.header('origin') ?? origin) !== origin)
      return failurePage('The answer came from another site.');
    const form = await readForm(context.req.raw);
    const taken = await this.#vault.take('ticket', form.get('ticket') ?? '', TICKET_LIFETIME);
    if (!taken || taken.spent) return failurePage('This question was answered before, or too long ago.');
    const ticket = taken.record;
    if (!(await isBoundBrowser(context, this.#options.issuer, ticket.browser)))
      return failurePage('The question was put to another browser.');
    const subject = await this.#steps.identify?.(context.req.raw);
    if (subject instanceof Response) return subject;
    if (subject !== ticket.subject) return failurePage('The question was put to another user.');
    if (form.get('decision') !== 'allow') return this.answer(ticket.request, { error: 'access_denied' });
    return this.#steps.agreed(context, ticket);
  }

  /** Sends the user back to the client, saying who answers. https://www.rfc-editor.org/rfc/rfc9207 */
  answer(
    { redirectUri, state }: { redirectUri: string; state?: string },
    parameters: Record<string, string>,
  ): Response {
    const location = new URL(redirectUri);
    const { issuer: iss } = this.#options;
    for (const [name, value] of Object.entries({ ...parameters, ...(state !== undefined && { state }), iss }))
      location.searchParams.set(name, value);
    return new Response(null, {
      status: 302,
      headers: { location: location.href, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    });
  }

  async #put(context: Context, client: ClientRecord, request: AuthorizationRequest): Promise<Response> {
    const { issuer, consent = 'ask' } = this.#options;
    const subject = await this.#steps.identify?.(context.req.raw);
    if (subject instanceof Response) return subject;
    const browser = await bindBrowser(context, issuer);
    const ticket: Ticket = { request, browser, ...(subject !== undefined && { subject }) };
    if (consent === 'always-dangerous') return carrying(context, await this.#steps.agreed(context, ticket));
    const { redirectUri, resource, scopes } = request;
    const page = await consentPage({
      client,
      redirectUri,
      resource,
      scopes,
      ticket: await this.#vault.issue('ticket', ticket, TICKET_LIFETIME),
      action: new URL(context.req.url).pathname,
    });
    return carrying(context, page);
  }
}

/** The response with the cookie that was set on its context. */
function carrying(context: Context, response: Response): Response {
  return context.newResponse(response.body, response);
}

function soundRequest(
  parameters: URLSearchParams,
  { clientId, redirectUri }: { clientId: string; redirectUri: string },
  { resources, scopes: known = [] }: IssuerOptions,
): AuthorizationRequest {
  assertOnce(parameters);
  const challenge = parameters.get('code_challenge') ?? '';
  if (parameters.get('response_type') !== 'code')
    throw new OAuthError('unsupported_response_type', 'response_type must be code');
  if (parameters.get('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(challenge))
    throw new OAuthError('invalid_request', 'PKCE with S256 is needed');
  // Clients of the first revision with authorization do not say what they ask for.
  const resource = parameters.get('resource') ?? (resources.length === 1 ? resources[0] : undefined);
  if (resource === undefined || !resources.includes(resource))
    throw new OAuthError('invalid_target', 'resource names no server that tokens are made for');
  const scopes = [...new Set((parameters.get('scope') ?? '').split(' ').filter((scope) => scope !== ''))];
  if (!scopes.every((scope) => known.includes(scope)))
    throw new OAuthError('invalid_scope', 'a scope is not known here');
  const state = parameters.get('state');
  return { clientId, redirectUri, challenge, resource, scopes, ...(state !== null && { state }) };
}
