import { fetchFace, HttpHost, type FetchHandler, type Route } from '@trunkline/http-host';
import type { Acceptor } from '@trunkline/transport';
import type { SseServerOptions } from './options.ts';
import { pathOf, SseSite } from './sse-site.ts';

/** Brings what comes over HTTP+SSE to an acceptor. */
export interface SseServer {
  /** Answers requests to both addresses wherever `Request` and `Response` are known; needs no `this`. */
  readonly fetch: FetchHandler;
  /** For faces: what checks calls, and what answers them. */
  readonly host: HttpHost;
  readonly route: Route;
  /** Answers new requests with 503, gives running ones `grace` milliseconds (10,000 unless given), ends all sessions. Idempotent, never rejects. */
  close(options?: { readonly grace?: number }): Promise<void>;
}

/**
 * Serves clients of the first revision, for mounting in a framework: both paths go to it, below any prefix. It listens
 * nowhere. Throws `misuse` for security settings that cannot be read.
 * https://modelcontextprotocol.io/specification/2024-11-05/basic/transports#http-with-sse
 */
export function sseServer(acceptor: Acceptor, options: SseServerOptions = {}): SseServer {
  const host = new HttpHost(options);
  const site = new SseSite(acceptor, host, options);
  const route: Route = (call) => {
    const path = pathOf(call.url);
    if (path.endsWith(site.messages)) return site.post(call);
    if (path.endsWith(site.path)) return site.listen(call);
    return call.refuse(404, `nothing is served here; the stream is at ${site.path}`);
  };
  let closing: Promise<void> | undefined;
  const close = async (grace: number): Promise<void> => {
    site.drain();
    await host.drain(grace);
    await site.close();
  };
  return {
    fetch: fetchFace(host, route),
    host,
    route,
    close: ({ grace = 10_000 } = {}) => (closing ??= close(grace)),
  };
}
