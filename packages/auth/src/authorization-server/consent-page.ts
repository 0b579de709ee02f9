import { html } from 'hono/html';
import type { ClientRecord } from './records.ts';
import { destinationOf } from './redirect-uris.ts';

/** What a user is asked. */
export interface ConsentQuestion {
  readonly client: ClientRecord;
  readonly redirectUri: string;
  readonly resource: string;
  readonly scopes: readonly string[];
  /** Names the question in its answer. */
  readonly ticket: string;
  readonly action: string;
}

/** Asks the user, naming who asks, for what, and where the answer goes. Everything foreign is escaped. */
export async function consentPage(question: ConsentQuestion): Promise<Response> {
  const { client, redirectUri, resource, scopes, ticket, action } = question;
  const destination = destinationOf(redirectUri);
  const unproven = client.document
    ? html`<p>It is identified by <code>${client.clientId}</code>.</p>`
    : html`<p>It chose this name itself.</p>`;
  const local = destination.local
    ? html`<p><strong>Any program on this device could ask in its name.</strong> Agree only if you have just started signing in there.</p>`
    : '';
  const body = html`<!doctype html>
    <html lang="en">
      <head><meta charset="utf-8" /><title>Allow access?</title></head>
      <body>
        <h1>Allow access?</h1>
        <p><strong>${client.clientName ?? client.clientId}</strong> asks for access to <code>${resource}</code>.</p>
        ${unproven} ${local}
        <p>You will be sent to <strong>${destination.name}</strong>.</p>
        ${scopes.length > 0 ? html`<p>It may:</p><ul>${scopes.map((scope) => html`<li>${scope}</li>`)}</ul>` : ''}
        <form method="post" action="${action}">
          <input type="hidden" name="ticket" value="${ticket}" />
          <button name="decision" value="allow">Allow</button>
          <button name="decision" value="deny">Deny</button>
        </form>
      </body>
    </html>`;
  const { protocol, origin } = new URL(redirectUri);
  // Browsers hold the redirect that answers a form against this list too.
  const target = protocol === 'http:' || protocol === 'https:' ? origin : protocol;
  return pageOf(200, String(await body), `'self' ${target}`);
}

/** Tells the user why nothing can be asked. Nobody is redirected. */
export async function failurePage(reason: string): Promise<Response> {
  const body = html`<!doctype html>
    <html lang="en">
      <head><meta charset="utf-8" /><title>Cannot continue</title></head>
      <body><h1>Cannot continue</h1><p>${reason}</p></body>
    </html>`;
  return pageOf(400, String(await body), `'none'`);
}

function pageOf(status: number, body: string, formAction: string): Response {
  return new Response(body, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; form-action ${formAction}; frame-ancestors 'none'; base-uri 'none'`,
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      // Stricter ones make browsers keep the origin of a form to themselves, and it is checked.
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
    },
  });
}
