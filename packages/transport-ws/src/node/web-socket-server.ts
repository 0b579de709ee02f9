import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { HttpHost } from '@trunkline/http-host';
import { upgradeFace } from '@trunkline/http-host/node';
import type { Acceptor, Listener, Listening } from '@trunkline/transport';
import { SocketLinks } from './socket-links.ts';
import { ws, type WebSocketListenerOptions } from './ws.ts';

/** Like {@link WebSocketListenerOptions}, for a server that may exist already. */
export interface WebSocketServerOptions extends WebSocketListenerOptions {
  /** The server on whose port sockets are opened, beside whatever it does. Without it a port is opened, as `ws` does. */
  readonly server?: Server;
}

/**
 * Serves WebSockets on an existing `node:http` or `node:https` server, with the checks and the end of `ws`. Upgrades to
 * other paths are left to the server's other listeners; where there are none, they are refused. To be closed before the
 * server is, because that waits for its sockets.
 */
export function webSocketServer(options: WebSocketServerOptions = {}): Listener {
  const { server } = options;
  if (!server) return ws(options);
  return {
    async listen(acceptor, { signal } = {}) {
      signal?.throwIfAborted();
      const listening = listenOn(server, acceptor, options);
      const stop = (): void => void listening.close();
      signal?.addEventListener('abort', stop, { once: true });
      void listening.closed.then(() => signal?.removeEventListener('abort', stop));
      return listening;
    },
  };
}

function listenOn(server: Server, acceptor: Acceptor, options: WebSocketServerOptions): Listening {
  const { path = '/mcp', grace = 10_000 } = options;
  const host = new HttpHost(options);
  const links = new SocketLinks(acceptor, options);
  const accept = upgradeFace(host, (request) => links.upgrade(request));
  const refuse = upgradeFace(host, ({ call }) => call.refuse(404, 'nothing is served at this path'));
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (request.url?.split('?', 1)[0] === path) accept(request, socket, head);
    else if (server.listenerCount('upgrade') === 1) refuse(request, socket, head);
  };
  server.on('upgrade', onUpgrade);

  let finish = (): void => {};
  const closed = new Promise<void>((resolve) => (finish = resolve));
  let closing: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    server.off('upgrade', onUpgrade).off('close', onClose);
    links.drain();
    await host.drain(grace);
    await links.close();
    finish();
  };
  const close = (): Promise<void> => (closing ??= end());
  const onClose = (): void => void close();
  server.once('close', onClose);
  return { closed, close, describe: describe(server, path) };
}

function describe(server: Server, path: string): string {
  const address = server.address();
  if (typeof address !== 'object' || address === null) return `${address ?? 'a server'}${path}`;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `ws://${name}:${address.port}${path}`;
}
