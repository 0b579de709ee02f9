import { checkedHeaders, serverAddress } from '@trunkline/http-host/client';
import { channelTransport, type Dial, type Transport } from '@trunkline/transport';
import { BINDING } from '../binding.ts';
import { ClientChannel, MAX_BYTES } from './client-channel.ts';
import type { SseClientOptions } from './options.ts';

/**
 * Reaches a server of the first revision. Every link is a stream of its own; a lost one is replaced by dialling again.
 * Messages go only to the stream's own origin, unless `postUrl` says otherwise, and redirects are followed only within it.
 * Throws `misuse` for an address that is not http or https, or that carries credentials.
 * @deprecated Servers since 2025-03-26 speak Streamable HTTP; this is for the ones before:
 * `connect([httpClient(url), sseClient(sseUrl)])`.
 */
export function sseClient(url: string | URL, options: SseClientOptions = {}): Dial {
  const address = serverAddress(url, 'http');
  const { headers, maxMessageBytes = MAX_BYTES } = options;
  if (typeof headers === 'object') checkedHeaders(headers);
  const resolved = { ...options, ...postUrlIn(options, address) };
  const dial = (): Transport =>
    channelTransport(BINDING, new ClientChannel(address.href, resolved), {
      limits: { maxLength: maxMessageBytes },
    });
  return Object.assign(dial, { target: `${address.origin}${address.pathname}` });
}

function postUrlIn({ postUrl }: SseClientOptions, base: URL): Pick<SseClientOptions, 'postUrl'> {
  if (postUrl === undefined) return {};
  return { postUrl: serverAddress(URL.canParse(postUrl, base) ? new URL(postUrl, base) : postUrl, 'http') };
}
