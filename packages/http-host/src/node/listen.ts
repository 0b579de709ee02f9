import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { TransportError, type Acceptor, type Listening } from '@trunkline/transport';
import type { HttpHost, Route } from '../host.ts';
import { NodeCall } from './node-call.ts';
import { upgradeFace, type Upgrade } from './upgrade.ts';
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
  const routes = new Map(sites.flatMap((site) => Object.entries(site.routes ?? {})));
  const upgrades = new Map(sites.flatMap((site) => Object.entries(site.upgrades ?? {})));
  const server = openServer(options, upgrades);
  serveRequests(server, httpHost, routes, options);
  serveUpgrades(server, httpHost, upgrades);
  await opened(server, httpHost, options);
  return listening(server, sites, httpHost, options, [...routes.keys(), ...upgrades.keys()][0] ?? '');
}

function serveRequests(
  server: Server,
  host: HttpHost,
  routes: ReadonlyMap<string, Route>,
  { pages = {}, maxHeaderFields = 100 }: ListenHttpOptions,
): void {
  const served = new Map(Object.entries(pages));
  // Node drops what exceeds its own limit, so that must lie above ours.
  server.maxHeadersCount = maxHeaderFields + 1;
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const call = new NodeCall(host, request, response);
    if (request.rawHeaders.length > 2 * maxHeaderFields) {
      return call.refuse(431, `more than ${maxHeaderFields} header fields`);
    }
    const path = pathOf(request);
    const page = served.get(path);
    if (!page) return host.handle(call, routes.get(path) ?? notFound);
    if (host.admit(call) && !host.refuseNew(call)) servePage(call, request, page).catch(host.onError);
  });
}

/** Without a listener Node serves a request for an upgrade like any other, as those of clients that merely offer HTTP/2. */
function serveUpgrades(server: Server, host: HttpHost, upgrades: ReadonlyMap<string, Upgrade>): void {
  if (upgrades.size === 0) return;
  const faces = new Map([...upgrades].map(([path, upgrade]) => [path, upgradeFace(host, upgrade)]));
  const refuse = upgradeFace(host, ({ call }) => notFound(call));
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    (faces.get(pathOf(request)) ?? refuse)(request, socket, head);
  });
}

function openServer(options: ListenHttpOptions, upgrades: ReadonlyMap<string, Upgrade>): Server {
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
    // Known to newer versions of Node only, where it leaves other requests that offer an upgrade alone.
    ...{ shouldUpgradeCallback: (request: IncomingMessage) => upgrades.has(pathOf(request)) },
  });
}

function pathOf({ url = '' }: IncomingMessage): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

function notFound(call: { refuse(status: number, reason: string): void }): void {
  call.refuse(404, 'nothing is served at this path');
}

function opened(
  server: Server,
  { onError }: HttpHost,
  { host = '127.0.0.1', port = 0 }: ListenHttpOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => {
      const reason = `cannot listen on ${host}:${port}`;
      reject(new TransportError('refused', reason, { cause, delivery: 'not-sent' }));
    };
    server.once('error', fail);
    server.listen(port, host, () => {
      // What fails from here on, such as accepting one connection, is no end of the others.
      server.off('error', fail).on('error', onError);
      resolve();
    });
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
