import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Acceptor } from '@trunkline/transport';
import { sseClient, sseServer } from '@trunkline/transport-sse';
import { toNodeHandler } from '@trunkline/transport-sse/node';
import { linkStory, type Served } from '../src/link-story.ts';

linkStory('HTTP+SSE', ['legacy'], serve);

async function serve(acceptor: Acceptor): Promise<Served> {
  const sse = sseServer(acceptor);
  const server: Server = createServer(toNodeHandler(sse));
  const sockets: Socket[] = [];
  let streams = 0;
  server.on('connection', (socket: Socket) => sockets.push(socket));
  server.on('request', ({ method }) => (streams += method === 'GET' ? 1 : 0));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    dial: sseClient(`http://127.0.0.1:${port}/sse`),
    sever: () => {
      for (const socket of sockets) socket.destroy();
    },
    get connections() {
      return streams;
    },
    async [Symbol.asyncDispose]() {
      await sse.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}
