import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { TransportError, type Acceptor, type Listening } from '@trunkline/transport';
import type { HttpHost, Route } from '../host.ts';
import { NodeCall } from './node-call.ts';
import { upgradeFace, type Upgrade, type UpgradeRequest } from './upgrade.ts';
import { servePage, type WebPage } from './web-page.ts';

/** What one binding serves on a port. Paths are compared exactly. */
export interface Site {
  readonly routes?: Readonly<Record<string, Route>>;
  readonly upgrades?: Readonly<Record<string, Upgrade>>;
  /** The port closes: ends what would not end on its own, and lets running calls be answered. */
  drain?(): void;
  /** The grace is over, or nothing runs any more: ends everything. */
  close(): Promise<void> | void;
}

/** Serves on a port that belongs to another listener, such as `http({ with: [sse()] })`. */
export interface Attachment {
  /** Prepares to bring peers to `acceptor`. Every call is checked by `host` before it arrives. */
  attach(acceptor: Acceptor, host: HttpHost): Site;
}

/** Where a port is opened, and within which bounds. */
export interface ListenHttpOptions {
  /** The address; 127.0.0.1 unless given. */
  readonly host?: string;
  /** The port; any free one unless given. */
  readonly port?: number;
  /** What is served beside the protocol, by exact path. Not guarded by `verify`. */
  readonly pages?: Readonly<Record<string, WebPage>>;
  /** Milliseconds that running calls get when the listener closes; 10,000 unless given. */
  readonly grace?: number;
  /** Milliseconds until the head of a request must be there; 15,000 unless given. */
  readonly headersTimeout?: number;
  /** Milliseconds until all of a request must be there; 30,000 unless given. */
  readonly requestTimeout?: number;
  /** Milliseconds that an idle connection is kept; 5,000 unless given. Behind a proxy, more than the proxy keeps it. */
  readonly keepAliveTimeout?: number;
  /** Bytes of a request's head; 16 KiB unless given. */
  readonly maxHeaderBytes?: number;
  /** Fields of a request's head; 100 unless given. */
  readonly maxHeaderFields?: number;
}

/**
 * Opens a port for several bindings. Rejects with `refused` if that is impossible. Closing it answers new requests with 503,
 * gives running ones their grace, and then closes every connection.
 */
export async function listenHttp(
  sites: readonly Site[],
  httpHost: HttpHost,
  options: ListenHttpOptions = {},
): Promise<Listening> {
  const server = openServer(options);
  const routes = new Map(sites.flatMap((site) => Object.entries(site.routes ?? {})));
  const upgrades = new Map(
    sites
      .flatMap((site) => Object.entries(site.upgrades ?? {}))
      .map(([path, upgrade]) => [path, upgradeFace(httpHost, upgrade)]),
  );
  const pages = new Map(Object.entries(options.pages ?? {}));
  const maxFields = options.maxHeaderFields ?? 100;
  server.maxHeadersCount = maxFields + 1;
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const call = new NodeCall(httpHost, request, response);
    if (request.rawHeaders.length > 2 * maxFields)
      return call.refuse(431, `more than ${maxFields} header fields`);
    const path = pathOf(request);
    const page = pages.get(path);
    if (page) return void (httpHost.admit(call) && servePage(call, request, page).catch(httpHost.onError));
    httpHost.handle(call, routes.get(path) ?? notFound);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    (upgrades.get(pathOf(request)) ?? upgradeFace(httpHost, refuseUpgrade))(request, socket, head);
  });
  await opened(server, options);
  return listening(server, sites, httpHost, options, [...routes.keys(), ...upgrades.keys()][0] ?? '');
}

function openServer(options: ListenHttpOptions): Server {
  const {
    headersTimeout = 15_000,
    requestTimeout = 30_000,
    keepAliveTimeout = 5_000,
    maxHeaderBytes = 16 * 1024,
  } = options;
  return createServer({
    headersTimeout: Math.min(headersTimeout, requestTimeout),
    requestTimeout,
    keepAliveTimeout,
    connectionsCheckingInterval: Math.min(5_000, headersTimeout, requestTimeout),
    maxHeaderSize: maxHeaderBytes,
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
  });
}

function pathOf({ url = '' }: IncomingMessage): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

function notFound(call: { refuse(status: number, reason: string): void }): void {
  call.refuse(404, 'nothing is served at this path');
}

function refuseUpgrade({ call }: UpgradeRequest): void {
  notFound(call);
}

function opened(server: Server, { host = '127.0.0.1', port = 0 }: ListenHttpOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new TransportError('refused', `cannot listen on ${host}:${port}`, { cause, delivery: 'not-sent' }),
      );
    });
    server.listen(port, host, resolve);
  });
}

function listening(
  server: Server,
  sites: readonly Site[],
  httpHost: HttpHost,
  { grace = 10_000 }: ListenHttpOptions,
  path: string,
): Listening {
  const closed = new Promise<void>((resolve) => server.once('close', resolve));
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    server.close();
    server.closeIdleConnections();
    for (const site of sites) site.drain?.();
    await httpHost.drain(grace);
    await Promise.all(sites.map(async (site) => site.close()));
    server.closeIdleConnections();
    const timer = setTimeout(() => server.closeAllConnections(), FLUSH);
    await closed;
    clearTimeout(timer);
  };
  const { address, port, family } = server.address() as AddressInfo;
  return {
    closed,
    describe: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}${path}`,
    close: () => (closing ??= close()),
  };
}

/** Milliseconds for answers that are written to leave before their connections are closed. */
const FLUSH = 1_000;
