import { createServer, ToolError, type FastServer } from '@trunkline/server-fast';
import * as z from 'zod';
import { serveIfMain } from '../serve-if-main.ts';

let orders = 0;

/** Questions in the middle of a tool, written once for both eras; what is paid is paid once. */
export const server: FastServer<object> = createServer({ name: 'shop', version: '1.0.0' }).tool(
  'order',
  { input: z.object({ item: z.string() }), output: z.object({ text: z.string(), orders: z.number() }) },
  async ({ item }, { ask, once }) => {
    const requestedSchema = { type: 'object' as const, properties: { answer: { type: 'string' as const } } };
    const size = await ask.elicit({ message: `Which size of ${item}?`, requestedSchema });
    if (size.action !== 'accept') throw new ToolError('Nothing was ordered.');
    const number = await once('order', () => (orders += 1));
    const [name, street] = await Promise.all([
      ask.elicit({ message: 'Your name?', requestedSchema }),
      ask.elicit({ message: 'Your street?', requestedSchema }),
    ]);
    const [a, b, c] = [size, name, street].map(({ content }) => String(content?.['answer']));
    return { text: `${item} in ${a} for ${b}, ${c}`, orders: number };
  },
);

await serveIfMain(import.meta.url, server);
