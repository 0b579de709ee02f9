import type { AuthInfo } from '@trunkline/transport';

/** Names who is behind a request; equal for the same issuer, subject and client, empty for an anonymous one. */
export function principalOf(auth: AuthInfo | undefined): string {
  return auth ? JSON.stringify([auth.issuer ?? '', auth.subject ?? '', auth.clientId]) : '';
}
