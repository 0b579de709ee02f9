import {
  portListener,
  runUntilSignal,
  type Attachment,
  type Closable,
  type PortOptions,
} from '@trunkline/http-host/node';
import type { Acceptor, Listener, ListenOptions } from '@trunkline/transport';
import type { SseSiteOptions } from '../server/options.ts';
import { SseSite } from '../server/sse-site.ts';

/** Where HTTP+SSE is served, to whom, and within which bounds. */
export interface SseListenerOptions extends SseSiteOptions, PortOptions {}

/**
 * Serves clients of the first revision on a port of its own, or on the port of another listener, which then does the
 * checking: `http({ with: [sse()] })`. Each stream is one link. Closing lets running requests be answered within the
 * grace. Throws `misuse` for an address beyond loopback without `allowedHosts`.
 * @deprecated Serve Streamable HTTP, which every client since 2025-03-26 speaks; this is for the ones before.
 */
export function sse(options: SseListenerOptions = {}): Listener & Attachment {
  const attachment: Attachment = {
    attach(acceptor, host) {
      const site = new SseSite(acceptor, host, options);
      return {
        routes: { [site.path]: (call) => site.listen(call), [site.messages]: (call) => site.post(call) },
        drain: () => site.drain(),
        close: () => site.close(),
      };
    },
  };
  return { ...attachment, ...portListener([attachment], options) };
}

/**
 * Serves clients of the first revision until SIGTERM or SIGINT, which end it in good order and close the server too; a
 * second signal ends the process.
 * @deprecated Serve Streamable HTTP, which every client since 2025-03-26 speaks; this is for the ones before.
 */
export async function runSse(
  server: Acceptor & Closable,
  options: SseListenerOptions & ListenOptions = {},
): Promise<void> {
  await runUntilSignal(await sse(options).listen(server, options), server);
}
