import { channelTransport, type Transport } from '@trunkline/transport';
import { BINDING, CONNECT_TIMEOUT, SERVER_MAX_LENGTH } from './binding.ts';
import type { WebSocketTransportOptions } from './options.ts';
import { PlatformChannel } from './platform-channel.ts';

/**
 * A link over one end of a socket that somebody else accepted, as servers on Deno, Bun and Workers do. The socket is
 * owned from now on; what it brings before `start` is kept. Whoever accepted it has checked Host, Origin and credentials
 * and has chosen the subprotocol `mcp`.
 */
export function webSocketTransport(socket: WebSocket, options: WebSocketTransportOptions = {}): Transport {
  const { maxMessageLength = SERVER_MAX_LENGTH, origin = {} } = options;
  const channel = new PlatformChannel(socket, { connectTimeout: CONNECT_TIMEOUT, maxMessageLength });
  return channelTransport(BINDING, channel, { origin, limits: { maxLength: maxMessageLength } });
}
