import {
  clientCodecOf,
  findRevision,
  LATEST,
  ProtocolError,
  revisionsOf,
  type Implementation,
  type JsonObject,
  type ServerCapabilities,
} from '@trunkline/protocol';
import { cancelledNotification } from '../caller.ts';
import { changesOf, honoured } from '../changes.ts';
import { createListening } from '../listening.ts';
import { onAbort } from '../on-abort.ts';
import { SessionError } from '../session-error.ts';
import type { ClientEra, Opened, Opening, OpenLink } from './client-era.ts';

/** Speaks to servers that open with `initialize` and may ask back. https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle */
export const legacyClient: ClientEra = {
  name: 'legacy',
  codec: /* @__PURE__ */ clientCodecOf('legacy'),
  serverMayAsk: true,
  ping: 'ping',
  open: initialize,
  cancel: (id, reason) => cancelledNotification(id, reason),
  async listen(link, { filter, signal }) {
    const agreed = honoured(filter, link.opened.capabilities);
    const uris = agreed.resourceSubscriptions ?? [];
    const source = createListening(agreed, () => {
      subscription.end();
      for (const uri of uris) release(link, uri);
    });
    const subscription = link.changes.add({ deliver: async (change) => source.push(change) });
    for (const change of changesOf(agreed)) subscription.follow(change);
    const forget = [
      onAbort(link.lost, () => source.end(link.lost.reason as Error)),
      ...(signal ? [onAbort(signal, () => void source.listening.close())] : []),
    ];
    void source.listening.ended.then(() => forget.forEach((forgetOne) => forgetOne()));
    try {
      await Promise.all(uris.map((uri) => acquire(link, uri, signal)));
    } catch (error) {
      await source.listening.close();
      throw error;
    }
    return source.listening;
  },
  async setLogLevel(link, level) {
    await link.call('logging/setLevel', { level });
  },
};

/** How many subscriptions follow a resource: the server is told of the first and the last. */
const FOLLOWED = new WeakMap<OpenLink, Map<string, number>>();

async function acquire(link: OpenLink, uri: string, signal: AbortSignal | undefined): Promise<void> {
  const followed = FOLLOWED.get(link) ?? new Map<string, number>();
  FOLLOWED.set(link, followed);
  const before = followed.get(uri) ?? 0;
  followed.set(uri, before + 1);
  if (before === 0) await link.call('resources/subscribe', { uri }, { signal });
}

/** Nobody waits for the server to confirm: it may be as silent as it likes. */
function release(link: OpenLink, uri: string): void {
  const followed = FOLLOWED.get(link);
  const left = (followed?.get(uri) ?? 0) - 1;
  if (left > 0) followed?.set(uri, left);
  else if (followed?.delete(uri)) link.call('resources/unsubscribe', { uri }).catch(() => {});
}

async function initialize({ caller, info, capabilities, signal, timeout, notify }: Opening): Promise<Opened> {
  const { codec } = legacyClient;
  const envelope = { revision: LATEST.legacy, clientInfo: info, clientCapabilities: capabilities };
  const request = {
    protocolVersion: LATEST.legacy,
    capabilities: capabilities as JsonObject,
    clientInfo: { ...info } as JsonObject,
  };
  const wire = await caller.call('initialize', codec.encodeParams('initialize', request, envelope), {
    options: { signal, timeout, maxTotalTimeout: timeout },
    // This one request must not be cancelled: the link is closed instead.
    cancel: () => undefined,
  });
  const outcome = codec.decodeResult('initialize', wire);
  if (outcome.kind !== 'complete')
    throw new ProtocolError('unexpected-shape', 'initialize was answered with something else than a result');
  const { protocolVersion, capabilities: offered, serverInfo, instructions } = outcome.result;
  const revision = protocolVersion as string;
  if (findRevision(revision)?.era !== 'legacy') {
    throw new SessionError(
      'no-common-revision',
      `the server chose ${JSON.stringify(revision)}, this client speaks ${revisionsOf('legacy').join(', ')}`,
    );
  }
  await notify({ jsonrpc: '2.0', method: 'notifications/initialized' }, revision);
  return {
    revision,
    capabilities: offered as ServerCapabilities,
    serverInfo: serverInfo as Implementation | undefined,
    instructions: typeof instructions === 'string' ? instructions : undefined,
  };
}
