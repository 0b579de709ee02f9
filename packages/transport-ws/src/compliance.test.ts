import type { Receiver } from '@trunkline/transport';
import { channelTransport, type Dial } from '@trunkline/transport';
import { transportCompliance, type Capabilities, type Link } from '@trunkline/transport-compliance';
import { describe, test } from 'vitest';
import { WebSocket } from 'ws';
import { BINDING } from './binding.ts';
import { webSocketClient as platformClient } from './client.ts';
import { frame, TEXT } from './fixtures/frames.ts';
import { testServer } from './fixtures/server.ts';
import { webSocketClient } from './node/client.ts';
import { SocketChannel } from './node/socket-channel.ts';

const MAX = 256 * 1024;
const CAN: Capabilities = {
  lanes: 'shared',
  sever: true,
  inject: true,
  peerAsks: true,
  backPressure: true,
  limit: MAX,
};

transportCompliance(
  'WebSocket client on ws',
  () => clientLink((url) => webSocketClient(url, { maxMessageBytes: MAX })),
  CAN,
  { describe, test },
);
transportCompliance(
  "WebSocket client on the platform's WebSocket",
  () => clientLink((url) => platformClient(url, { maxMessageLength: MAX })),
  {
    ...CAN,
    backPressure: 'the platform reads on whatever it is told; what comes in the meantime is bounded',
  },
  { describe, test },
);
transportCompliance('WebSocket server', serverLink, CAN, { describe, test });

async function clientLink(client: (url: string) => Dial): Promise<Link> {
  let receiver: Receiver | undefined;
  const server = await testServer({
    grace: 0,
    acceptor: { exchange: () => {}, link: (transport) => transport.start(receiver as Receiver) },
  });
  return {
    near: client(server.url)(),
    accept: (given) => void (receiver = given),
    sever: () => void server.sockets[0]?.destroy(),
    inject: (raw) => void server.sockets[0]?.write(frame({ opcode: TEXT, payload: raw, masked: false })),
    release: async () => server[Symbol.asyncDispose](),
  };
}

async function serverLink(): Promise<Link> {
  const server = await testServer({ maxMessageBytes: MAX, grace: 0 });
  const socket = new WebSocket(server.url, 'mcp', { perMessageDeflate: false });
  socket.on('error', () => {});
  await new Promise<void>((resolve) => {
    socket.once('open', () => {
      socket.pause();
      resolve();
    });
  });
  const near = await server.link();
  const far = channelTransport(BINDING, new SocketChannel(socket, 0));
  return {
    near,
    accept: (receiver) => far.start(receiver),
    sever: () => socket.terminate(),
    inject: (raw) => socket.send(raw),
    async release() {
      await far.close();
      await server[Symbol.asyncDispose]();
    },
  };
}
