import { WebSocketClientTransport } from '@modelcontextprotocol/sdk/client/websocket.js';
import { webSocketClient } from '@trunkline/transport-ws';
import { ws } from '@trunkline/transport-ws/node';
import { officialClient1 } from '../interop/clients/official-1.ts';
import { trunklineClient } from '../interop/clients/trunkline.ts';
import { trunklineServer } from '../interop/servers/trunkline.ts';
import { interopOver } from '../src/interop-over.ts';

// The official SDK has a WebSocket client in 1.x, and no WebSocket server.
interopOver('WebSocket', [
  {
    client: 'official 1.x',
    server: 'Trunkline',
    era: 'legacy',
    async open(hooks) {
      const listening = await ws().listen(trunklineServer());
      const transport = new WebSocketClientTransport(new URL(listening.describe));
      return { client: await officialClient1(transport, hooks), release: () => listening.close() };
    },
  },
  ...(['modern', 'legacy'] as const).map((era) => ({
    client: 'Trunkline' as const,
    server: 'Trunkline' as const,
    era,
    async open(hooks: Parameters<typeof officialClient1>[1]) {
      const listening = await ws().listen(trunklineServer());
      const client = await trunklineClient(webSocketClient(listening.describe), hooks, [era]);
      return { client, release: () => listening.close() };
    },
  })),
]);
