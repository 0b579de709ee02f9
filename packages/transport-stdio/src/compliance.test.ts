import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Receiver, Transport } from '@trunkline/transport';
import { transportCompliance, type Capabilities, type Link } from '@trunkline/transport-compliance';
import { describe, test } from 'vitest';
import { fixture } from './fixtures/harness.ts';
import { stdioClient } from './client.ts';
import { stdioServer } from './server.ts';

const CAN: Capabilities = {
  lanes: 'shared',
  sever: true,
  inject: true,
  peerAsks: true,
  backPressure: true,
  limit: 10 * 1024 * 1024,
};

transportCompliance('stdio client with a child process', clientLink, CAN, { describe, test });
transportCompliance('stdio server', serverLink, CAN, { describe, test });

/** The child hands everything on to a socket, behind which the far side is a server of this package. */
async function clientLink(): Promise<Link> {
  const { socket, path, release } = await listeningSocket();
  const near = stdioClient(fixture('bridge.mjs', path), { stop: { stdinMs: 200, termMs: 200 } })();
  return {
    near,
    accept(receiver) {
      void socket.then((far) => over(far).start(receiver));
    },
    sever: () => void process.kill(near.process.pid ?? 0, 'SIGKILL'),
    inject: async (raw) => void (await socket).write(`${raw}\n`),
    release,
  };
}

/** Both ends are servers of this package: what differs between them is the session's business. */
async function serverLink(): Promise<Link> {
  const { socket, path, release } = await listeningSocket();
  const far = connect(path).on('error', () => {});
  const streams = await socket;
  const near = over(streams);
  // Closing leaves the streams open; they end with the process, which is imitated here.
  void near.closed.then(() => near.close()).then(() => streams.end());
  return {
    near,
    accept: (receiver: Receiver) => over(far).start(receiver),
    sever: () => void far.destroy(),
    inject: (raw) => void far.write(`${raw}\n`),
    async release() {
      far.destroy();
      await release();
    },
  };
}

function over(socket: Socket): Transport {
  return stdioServer({ input: socket, output: socket, graceMs: 200 });
}

interface Listening {
  readonly path: string;
  /** The first connection. */
  readonly socket: Promise<Socket>;
  readonly release: () => Promise<void>;
}

async function listeningSocket(): Promise<Listening> {
  const directory = await mkdtemp(join(tmpdir(), 'trunkline-'));
  const path = join(directory, 'socket');
  const server: Server = createServer({ allowHalfOpen: true });
  const socket = new Promise<Socket>((resolve) => {
    server.once('connection', resolve);
  });
  await new Promise<void>((resolve) => {
    server.listen(path, resolve);
  });
  return {
    path,
    socket,
    async release() {
      server.close();
      await Promise.race([socket.then((one) => one.destroy()), Promise.resolve()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
