/** The one list of eras: whoever needs the legacy one takes it from here, so that it can be removed in one place. */
export { legacyClient } from './legacy-client.ts';
export { anonymousConversation } from './legacy-server.ts';
export { modernClient } from './modern-client.ts';
export { modernServer } from './modern-server.ts';
