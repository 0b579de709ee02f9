import { createServer, serve } from '@trunkline/server-fast';
import { stdio } from '@trunkline/transport-stdio';
import * as z from 'zod';

const server = createServer({ name: 'calculator', version: '1.0.0' }).tool(
  'add',
  {
    description: 'Adds two numbers.',
    input: z.object({ a: z.number(), b: z.number() }),
    output: z.object({ sum: z.number() }),
  },
  ({ a, b }) => ({ sum: a + b }),
);

await serve(server, stdio());
