import { SSEClientTransport as OfficialSse2 } from '@modelcontextprotocol/client';
import { SSEClientTransport as OfficialSse1 } from '@modelcontextprotocol/sdk/client/sse.js';
import { sseClient } from '@trunkline/transport-sse';
import { sse } from '@trunkline/transport-sse/node';
import { officialClient1 } from '../interop/clients/official-1.ts';
import { officialClient2 } from '../interop/clients/official-2.ts';
import { trunklineClient } from '../interop/clients/trunkline.ts';
import { trunklineServer } from '../interop/servers/trunkline.ts';
import { interopOver } from '../src/interop-over.ts';
import { officialSse } from './official-server.ts';

// The official SDK has a server for HTTP+SSE in 1.x only, clients in both.
interopOver('HTTP+SSE', [
  {
    client: 'Trunkline',
    server: 'official 1.x',
    era: 'legacy',
    async open(hooks) {
      const { url, close } = await officialSse();
      return { client: await trunklineClient(sseClient(url), hooks, undefined), release: close };
    },
  },
  {
    client: 'official 1.x',
    server: 'Trunkline',
    era: 'legacy',
    async open(hooks) {
      const listening = await sse().listen(trunklineServer());
      const transport = new OfficialSse1(new URL(listening.describe));
      return { client: await officialClient1(transport, hooks), release: () => listening.close() };
    },
  },
  {
    client: 'official 2.x',
    server: 'Trunkline',
    era: 'legacy',
    async open(hooks) {
      const listening = await sse().listen(trunklineServer());
      const transport = new OfficialSse2(new URL(listening.describe));
      return { client: await officialClient2(transport, hooks, 'legacy'), release: () => listening.close() };
    },
  },
  {
    client: 'Trunkline',
    server: 'Trunkline',
    era: 'legacy',
    async open(hooks) {
      const listening = await sse().listen(trunklineServer());
      const client = await trunklineClient(sseClient(listening.describe), hooks, ['legacy']);
      return { client, release: () => listening.close() };
    },
  },
]);
