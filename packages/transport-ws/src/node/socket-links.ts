import { CallOrigin, Places, RETRY_SOON, type HttpCall } from '@trunkline/http-host';
import type { Site, Upgrade, UpgradeRequest } from '@trunkline/http-host/node';
import {
  channelTransport,
  trackAnswers,
  TransportError,
  type Acceptor,
  type AnsweringTransport,
} from '@trunkline/transport';
import { WebSocketServer, type WebSocket } from 'ws';
import { BINDING, SERVER_MAX_LENGTH, SUBPROTOCOL } from '../binding.ts';
import { CloseCode } from '../close-code.ts';
import { closeOnExpiry } from './expiry.ts';
import { PING_INTERVAL } from './heartbeat.ts';
import type { WebSocketSiteOptions } from './options.ts';
import { SocketChannel } from './socket-channel.ts';
import { wireLimits } from './wire-limits.ts';

/** The links of one server. Every one came in as a checked connection that asked for a WebSocket. */
export class SocketLinks implements Site {
  readonly upgrades: Readonly<Record<string, Upgrade>>;
  readonly #acceptor: Acceptor;
  readonly #maxMessageBytes: number;
  readonly #places: Places;
  readonly #pingInterval: number;
  readonly #server: WebSocketServer;
  readonly #links = new Set<AnsweringTransport>();

  constructor(acceptor: Acceptor, options: WebSocketSiteOptions) {
    this.upgrades = { [options.path ?? '/mcp']: (request) => this.upgrade(request) };
    this.#acceptor = acceptor;
    this.#maxMessageBytes = options.maxMessageBytes ?? SERVER_MAX_LENGTH;
    this.#places = new Places({
      all: options.maxConnections ?? 10_000,
      perPrincipal: options.maxConnectionsPerPrincipal ?? 100,
    });
    this.#pingInterval = options.pingInterval ?? PING_INTERVAL;
    this.#server = new WebSocketServer({
      ...wireLimits(this.#maxMessageBytes),
      noServer: true,
      clientTracking: false,
      handleProtocols: () => SUBPROTOCOL,
    });
  }

  /** Ends every link once its running requests are answered. */
  drain(): void {
    for (const link of this.#links) void link.answered().then(() => link.transport.close(goingAway()));
  }

  /** Ends every link. */
  async close(): Promise<void> {
    await Promise.all([...this.#links].map((link) => link.transport.close(goingAway())));
  }

  /** Takes a connection over, or answers why not. */
  upgrade({ call, request, socket, head }: UpgradeRequest): void {
    if (call.header('sec-websocket-version') !== VERSION) {
      return call.refuse(426, `Sec-WebSocket-Version must be ${VERSION}`, { fields: ASKS_FOR_VERSION });
    }
    if (!offersSubprotocol(call)) {
      return call.refuse(400, `Sec-WebSocket-Protocol must offer ${SUBPROTOCOL}`);
    }
    const leave = this.#places.take(call.auth);
    if (typeof leave === 'number') {
      return call.refuse(leave, 'too many connections; try again later', { fields: RETRY_SOON, code: 429 });
    }
    call.onGone(leave);
    this.#server.handleUpgrade(request, socket, head, (accepted) => this.#link(accepted, call));
  }

  #link(socket: WebSocket, call: HttpCall): void {
    // What comes before the acceptor starts the link waits in the socket. An error that nobody hears would end the process.
    socket.pause();
    socket.on('error', () => {});
    const channel = new SocketChannel(socket, this.#pingInterval);
    const link = trackAnswers(
      channelTransport(BINDING, channel, {
        origin: new CallOrigin(call, undefined),
        limits: { maxLength: this.#maxMessageBytes },
      }),
    );
    const { transport } = link;
    this.#links.add(link);
    void transport.closed.then(() => this.#links.delete(link));
    closeOnExpiry(transport, call.auth);
    this.#acceptor.link(transport).catch((cause: Error) => transport.close(cause));
  }
}

/** Older ones say elsewhere which page asks. */
const VERSION = '13';
const ASKS_FOR_VERSION = { 'sec-websocket-version': VERSION };

/** Browsers send one line with all subprotocols that a page asks for. */
function offersSubprotocol(call: HttpCall): boolean {
  const offered = call.header('sec-websocket-protocol') ?? '';
  return offered.split(',').some((name) => name.trim() === SUBPROTOCOL);
}

function goingAway(): TransportError {
  return new TransportError('closed', 'this server is shutting down', { status: CloseCode.GoingAway });
}
