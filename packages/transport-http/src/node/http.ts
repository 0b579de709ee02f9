import {
  portListener,
  runUntilSignal,
  type Attachment,
  type Closable,
  type ListenHttpOptions,
} from '@trunkline/http-host/node';
import type { Acceptor, Listener, ListenOptions } from '@trunkline/transport';
import { createHttpSite } from '../handler.ts';
import type { HttpHandlerOptions } from '../server/options.ts';

/** Where a server is offered over HTTP, and how. */
export interface HttpOptions extends HttpHandlerOptions, ListenHttpOptions {
  /** The path; `/mcp` unless given. Compared exactly. */
  readonly path?: string;
  /** Other bindings on the same port, such as `sse()` and `ws()`. */
  readonly with?: readonly Attachment[];
}

/**
 * Listens on a port of this machine, on 127.0.0.1 unless told otherwise, and serves clients of both eras there. Throws
 * `misuse` for an address beyond this machine without `security.allowedHosts`. Nothing is opened before `listen`.
 */
export function http(options: HttpOptions = {}): Listener {
  const own: Attachment = {
    attach(acceptor, host) {
      const { route, ...ends } = createHttpSite(acceptor, host, options);
      return { ...ends, routes: { [options.path ?? '/mcp']: route } };
    },
  };
  return portListener([own, ...(options.with ?? [])], options);
}

/** Serves over HTTP until SIGTERM or SIGINT, which end it in good order and close the server too; a second signal ends the process. */
export async function runHttp(
  server: Acceptor & Closable,
  options: HttpOptions & ListenOptions = {},
): Promise<void> {
  await runUntilSignal(await http(options).listen(server, options), server);
}
