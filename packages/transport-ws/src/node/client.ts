import { serverAddress } from '@trunkline/http-host/client';
import { channelTransport, type Dial, type Transport } from '@trunkline/transport';
import { BINDING, CLIENT_MAX_LENGTH } from '../binding.ts';
import { connect } from './connect.ts';
import { PING_INTERVAL } from './heartbeat.ts';
import type { WebSocketClientOptions } from './options.ts';
import { SocketChannel } from './socket-channel.ts';

/**
 * Reaches a server over a WebSocket, with header fields of your own on the request that opens it. Every link is a socket
 * of its own, opened by `start`, kept alive by pings; a lost one is replaced by dialling again. Redirects are not
 * followed. Throws `misuse` for an address that is not ws or wss, or that carries credentials.
 */
export function webSocketClient(url: string | URL, options: WebSocketClientOptions = {}): Dial {
  const address = serverAddress(url, 'ws');
  const { pingInterval = PING_INTERVAL, maxMessageBytes = CLIENT_MAX_LENGTH } = options;
  const dial = (): Transport => {
    const channel = new SocketChannel((signal) => connect(address, options, signal), pingInterval);
    return channelTransport(BINDING, channel, { limits: { maxLength: maxMessageBytes } });
  };
  return Object.assign(dial, { target: `${address.origin}${address.pathname}` });
}
