import { checkedHeaders, requestsTo, serverAddress } from '@trunkline/http-host/client';
import type { Dial } from '@trunkline/transport';
import { HttpLink } from './link.ts';
import type { HttpClientOptions } from './options.ts';

/**
 * Reaches a server over Streamable HTTP, in either era. Nothing is sent before the first message. Throws `misuse` for an
 * address that is not http or https or that carries credentials, and for headers that cannot be sent.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/transports#streamable-http
 */
export function httpClient(url: string | URL, options: HttpClientOptions = {}): Dial {
  const address = serverAddress(url, 'http');
  if (typeof options.headers === 'object') checkedHeaders(options.headers);
  return Object.assign(() => new HttpLink(requestsTo(address.href, options), options), {
    target: `${address.origin}${address.pathname}`,
  });
}
