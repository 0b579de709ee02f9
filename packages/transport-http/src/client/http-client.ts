import { TransportError, type Dial } from '@trunkline/transport';
import { assertForeign } from './envelope.ts';
import { HttpLink } from './link.ts';
import type { HttpClientOptions } from './options.ts';

/**
 * Reaches a server over Streamable HTTP, in either era. Nothing is sent before the first message. Throws `misuse` for an
 * address that is not http or https, or that carries credentials.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/transports#streamable-http
 */
export function httpClient(url: string | URL, options: HttpClientOptions = {}): Dial {
  const address = addressOf(url);
  if (typeof options.headers === 'object') assertForeign(options.headers);
  return Object.assign(() => new HttpLink(address.href, options), {
    target: `${address.origin}${address.pathname}`,
  });
}

function addressOf(url: string | URL): URL {
  if (!URL.canParse(url))
    throw new TransportError('misuse', `${JSON.stringify(String(url))} is not an address`);
  const address = new URL(url);
  if (address.protocol !== 'http:' && address.protocol !== 'https:') {
    throw new TransportError(
      'misuse',
      `${address.protocol} is not a protocol of this transport; use http: or https:`,
    );
  }
  if (address.username !== '' || address.password !== '') {
    throw new TransportError(
      'misuse',
      `the address of ${address.host} carries credentials; pass them as a header`,
    );
  }
  address.hash = '';
  return address;
}
