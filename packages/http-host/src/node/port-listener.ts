import type { Listener } from '@trunkline/transport';
import { HttpHost, type HttpHostOptions } from '../host.ts';
import { assertBindable } from '../security.ts';
import { listenHttp, type Attachment, type ListenHttpOptions } from './listen.ts';

/** Where a port is opened, what is checked there, and within which bounds. */
export interface PortOptions extends HttpHostOptions, ListenHttpOptions {}

/**
 * Serves bindings on a port of their own. Throws `misuse` for an address beyond loopback without `allowedHosts`, and for
 * settings that cannot be read.
 */
export function portListener(attachments: readonly Attachment[], options: PortOptions = {}): Listener {
  assertBindable(options.host ?? '127.0.0.1', options.security ?? {});
  const open = (): HttpHost => new HttpHost(options);
  open();
  return {
    async listen(acceptor, { signal } = {}) {
      signal?.throwIfAborted();
      const host = open();
      const sites = attachments.map((attachment) => attachment.attach(acceptor, host));
      const listening = await listenHttp(sites, host, options).catch(async (error: unknown) => {
        await Promise.all(sites.map(async (site) => site.close()));
        throw error;
      });
      const stop = (): void => void listening.close();
      if (signal?.aborted) stop();
      signal?.addEventListener('abort', stop, { once: true });
      void listening.closed.then(() => signal?.removeEventListener('abort', stop));
      return listening;
    },
  };
}
