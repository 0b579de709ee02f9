import { HttpHost } from '@trunkline/http-host';
import {
  assertBindable,
  listenHttp,
  runUntilSignal,
  type Attachment,
  type Closable,
  type ListenHttpOptions,
} from '@trunkline/http-host/node';
import type { Acceptor, Listener, Listening, ListenOptions } from '@trunkline/transport';
import { createHttpSite } from '../handler.ts';
import type { HttpHandlerOptions } from '../server/options.ts';

/** Where a server is offered over HTTP, and how. */
export interface HttpOptions extends HttpHandlerOptions, ListenHttpOptions {
  /** The path; `/mcp` unless given. Compared exactly. */
  readonly path?: string;
  /** Other bindings on the same port, such as `sse()` and `webSocket()`. */
  readonly with?: readonly Attachment[];
}

/**
 * Listens on a port of this machine, on 127.0.0.1 unless told otherwise, and serves clients of both eras there. Throws
 * `misuse` for an address beyond this machine without `security.allowedHosts`. Nothing is opened before `listen`.
 */
export function http(options: HttpOptions = {}): Listener {
  assertBindable(options.host ?? '127.0.0.1', options.security ?? {});
  return { listen: (acceptor, listenOptions) => listen(acceptor, options, listenOptions) };
}

/** Serves over HTTP until SIGTERM or SIGINT, which end it in good order and close the server too; a second signal ends the process. */
export async function runHttp(
  server: Acceptor & Closable,
  options: HttpOptions & ListenOptions = {},
): Promise<void> {
  await runUntilSignal(await http(options).listen(server, options), server);
}

async function listen(
  acceptor: Acceptor,
  options: HttpOptions,
  { signal }: ListenOptions = {},
): Promise<Listening> {
  signal?.throwIfAborted();
  const host = new HttpHost(options);
  const site = createHttpSite(acceptor, host, options);
  const own = { ...site, routes: { [options.path ?? '/mcp']: site.route } };
  const others = options.with?.map((attachment) => attachment.attach(acceptor, host)) ?? [];
  const listening = await listenHttp([own, ...others], host, options);
  const close = (): void => void listening.close();
  signal?.addEventListener('abort', close, { once: true });
  void listening.closed.then(() => signal?.removeEventListener('abort', close));
  return listening;
}
