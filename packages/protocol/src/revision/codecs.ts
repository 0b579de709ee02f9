import type { ClientCodec, Era, ServerCodec } from './codec.ts';
import { legacyForClients } from './legacy-for-clients.ts';
import { legacyForServers } from './legacy-for-servers.ts';
import { modernForClients } from './modern-for-clients.ts';
import { modernForServers } from './modern-for-servers.ts';

/** What clients need of an era. */
export function clientCodecOf(era: Era): ClientCodec {
  return era === 'modern' ? modernForClients : legacyForClients;
}

/** What servers need of an era. */
export function serverCodecOf(era: Era): ServerCodec {
  return era === 'modern' ? modernForServers : legacyForServers;
}
