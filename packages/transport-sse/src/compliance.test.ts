import type { ServerResponse } from 'node:http';
import type { Receiver, Transport } from '@trunkline/transport';
import { transportCompliance, type Capabilities, type Link } from '@trunkline/transport-compliance';
import { describe, test, vi } from 'vitest';
import { sseClient } from './client/sse-client.ts';
import { testServer } from './fixtures/server.ts';
import { toNodeHandler } from './node/to-node-handler.ts';
import { sseServer } from './server/sse-server.ts';

// Each message is a request of its own, and some clauses take thousands.
vi.setConfig({ testTimeout: 30_000 });

const MAX = 256 * 1024;
const CAN: Capabilities = {
  lanes: 'shared',
  sever: true,
  inject: true,
  peerAsks: true,
  backPressure: true,
  limit: MAX,
  volume: 400,
  patience: 4000,
};

transportCompliance('HTTP+SSE client', clientLink, CAN, { describe, test });
transportCompliance(
  'HTTP+SSE server',
  serverLink,
  { ...CAN, limit: 'a post beyond the limit is refused with 413, which tells its sender and nobody else' },
  { describe, test },
);

async function clientLink(): Promise<Link> {
  let receiver: Receiver | undefined;
  let stream: ServerResponse | undefined;
  const sse = sseServer({ exchange: () => {}, link: (transport) => transport.start(receiver as Receiver) });
  const handle = toNodeHandler(sse);
  const server = await testServer((request, response) => {
    if (request.method === 'GET') stream = response;
    handle(request, response);
  });
  return {
    near: sseClient(`${server.origin}/sse`, { maxMessageBytes: MAX })(),
    accept: (given) => void (receiver = given),
    sever: () => {
      for (const socket of server.sockets) socket.destroy();
    },
    inject: (raw) => void stream?.write(`data: ${raw}\n\n`),
    async release() {
      await sse.close({ grace: 0 });
      await server[Symbol.asyncDispose]();
    },
  };
}

/** The request for the stream is made before the link is there, because a server's end of it comes into being with that. */
async function serverLink(): Promise<Link> {
  let accept = (_link: Transport): void => {};
  const accepted = new Promise<Transport>((resolve) => (accept = resolve));
  const sse = sseServer({ exchange: () => {}, link: async (transport) => accept(transport) });
  const handle = toNodeHandler(sse);
  let announce = (_endpoint: string): void => {};
  const endpoint = new Promise<string>((resolve) => (announce = resolve));
  const server = await testServer((request, response) => {
    const write = response.write.bind(response);
    response.write = (text: string) => {
      const [, path] = /^event: endpoint\ndata: (.*)$/m.exec(text) ?? [];
      if (path !== undefined) announce(`${server.origin}${path}`);
      return write(text);
    };
    handle(request, response);
  });
  const stream = fetch(`${server.origin}/sse`);
  stream.catch(() => {});
  const near = await accepted;
  const far = sseClient(`${server.origin}/sse`, {
    fetch: (url, init) => (init.method === 'GET' ? stream : fetch(url, init)),
  })();
  return {
    near,
    accept: (receiver) => void far.start(receiver).catch(() => {}),
    sever: () => {
      for (const socket of server.sockets) socket.destroy();
    },
    async inject(raw) {
      const headers = { 'content-type': 'application/json' };
      const posted = await fetch(await endpoint, { method: 'POST', headers, body: raw });
      await posted.body?.cancel();
    },
    async release() {
      await far.close();
      await sse.close({ grace: 0 });
      await server[Symbol.asyncDispose]();
    },
  };
}
