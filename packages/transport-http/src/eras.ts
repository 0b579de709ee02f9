/** What the legacy era brings to each half; where it goes, this is what is edited. */
export { LegacyClientSession } from './legacy/client-session.ts';
export { LegacyServer } from './legacy/legacy-server.ts';
