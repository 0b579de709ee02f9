import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Acceptor, Dial } from '@trunkline/transport';
import { webSocketClient as platformClient } from '@trunkline/transport-ws';
import { webSocketClient, webSocketServer } from '@trunkline/transport-ws/node';
import { linkStory, type Served } from '../src/link-story.ts';

linkStory('WebSocket on ws', ['modern', 'legacy'], (acceptor) => serve(acceptor, webSocketClient));
linkStory("WebSocket on the platform's client", ['modern', 'legacy'], (acceptor) =>
  serve(acceptor, platformClient),
);

async function serve(acceptor: Acceptor, client: (url: string) => Dial): Promise<Served> {
  const server = createServer();
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => sockets.push(socket));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const listening = await webSocketServer({ server }).listen(acceptor);
  const { port } = server.address() as AddressInfo;
  return {
    dial: client(`ws://127.0.0.1:${port}/mcp`),
    sever: () => {
      for (const socket of sockets) socket.destroy();
    },
    get connections() {
      return sockets.length;
    },
    async [Symbol.asyncDispose]() {
      await listening.close();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}
