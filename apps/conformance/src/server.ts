import { serve } from '@trunkline/server-fast';
import { http } from '@trunkline/transport-http/node';
import { everythingServer } from './server/everything.ts';

const port = Number(process.env['PORT'] ?? 3000);
await serve(everythingServer(), http({ port, path: '/mcp' }));
process.stdout.write('ready\n');
