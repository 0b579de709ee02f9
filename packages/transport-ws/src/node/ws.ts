import {
  portListener,
  runUntilSignal,
  type Attachment,
  type Closable,
  type PortOptions,
} from '@trunkline/http-host/node';
import type { Acceptor, Listener, ListenOptions } from '@trunkline/transport';
import type { WebSocketSiteOptions } from './options.ts';
import { SocketLinks } from './socket-links.ts';

/** Where WebSockets are served, to whom, and within which bounds. */
export interface WebSocketListenerOptions
  extends Omit<PortOptions, 'limits' | 'cors'>, WebSocketSiteOptions {}

/**
 * Serves WebSockets on a port of its own, or on the port of another listener, which then does the checking:
 * `http({ with: [ws()] })`. Before a socket is accepted, `Host` and `Origin` are checked, the sender is verified and the
 * subprotocol `mcp` is asked for. Each socket is one link, for both eras. Closing lets running requests be answered within
 * the grace and then closes every socket with 1001. Throws `misuse` for an address beyond loopback without `allowedHosts`.
 */
export function ws(options: WebSocketListenerOptions = {}): Listener & Attachment {
  const attachment: Attachment = { attach: (acceptor) => new SocketLinks(acceptor, options) };
  const listener = portListener([attachment], options);
  return {
    ...attachment,
    async listen(acceptor, how) {
      const listening = await listener.listen(acceptor, how);
      return { ...listening, describe: listening.describe.replace('http', 'ws') };
    },
  };
}

/** Serves WebSockets until SIGTERM or SIGINT, which end it in good order and close the server too; a second signal ends the process. */
export async function runWebSocket(
  server: Acceptor & Closable,
  options: WebSocketListenerOptions & ListenOptions = {},
): Promise<void> {
  await runUntilSignal(await ws(options).listen(server, options), server);
}
