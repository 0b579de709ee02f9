import { serverAddress } from '@trunkline/http-host/client';
import { channelTransport, TransportError, type Dial, type Transport } from '@trunkline/transport';

import { BINDING, CLIENT_MAX_LENGTH, CONNECT_TIMEOUT, SUBPROTOCOL } from './binding.ts';
import type { WebSocketClientOptions } from './options.ts';
import { PlatformChannel } from './platform-channel.ts';

/**
 * Reaches a server over the WebSocket of the platform: browsers, Deno, Bun, Workers, Node from 22 on. Every link is a
 * socket of its own, opened by `start`; a lost one is replaced by dialling again. Throws `misuse` for an address that is
 * not ws or wss, or that carries credentials.
 */
export function webSocketClient(url: string | URL, options: WebSocketClientOptions = {}): Dial {
  const address = serverAddress(url, 'ws');
  const { connectTimeout = CONNECT_TIMEOUT, maxMessageLength = CLIENT_MAX_LENGTH } = options;
  const connect = (): WebSocket => {
    const { WebSocket = globalThis.WebSocket } = options;
    if (WebSocket) return new WebSocket(address.href, [SUBPROTOCOL]);
    const reason =
      'this platform has no WebSocket; import @trunkline/transport-ws/node, or pass one as an option';
    throw new TransportError('misuse', reason, { delivery: 'not-sent' });
  };
  const dial = (): Transport => {
    const channel = new PlatformChannel(connect, { connectTimeout, maxMessageLength });
    return channelTransport(BINDING, channel, { limits: { maxLength: maxMessageLength } });
  };
  return Object.assign(dial, { target: `${address.origin}${address.pathname}` });
}
