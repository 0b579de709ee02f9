import { createServer, type FastServer } from '@trunkline/server-fast';
import { image } from '@trunkline/server-fast/content';
import { rateLimit } from '@trunkline/server-fast/middleware';
import { serveIfMain } from '../serve-if-main.ts';

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** What is opened once, what is remembered of a caller, and how often one may call. */
export const server: FastServer<object, { readonly greeting: string }> = createServer({
  name: 'counter',
  version: '1.0.0',
  lifespan: async () => ({ greeting: 'Hello' }),
})
  .use(rateLimit({ perSecond: 0.001, burst: 4 }))
  .tool('count', async (_args, { state, values }) => {
    const calls = await state.session.update('calls', (before) => Number(before ?? 0) + 1);
    return `${values.greeting}, call ${calls}.`;
  })
  .tool('pixel', () => image(Uint8Array.from(atob(PIXEL), (character) => character.charCodeAt(0))));

await serveIfMain(import.meta.url, server);
