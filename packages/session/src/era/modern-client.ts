import {
  clientCodecOf,
  ErrorCode,
  isJsonObject,
  isRemoteError,
  MetaKey,
  ProtocolError,
  revisionsOf,
  type Implementation,
  type JsonRpcNotification,
  type RemoteError,
  type ServerCapabilities,
  type SubscriptionFilter,
} from '@trunkline/protocol';
import { cancelledNotification } from '../caller.ts';
import { changeIn } from '../changes.ts';
import { createListening } from '../listening.ts';
import { onAbort } from '../on-abort.ts';
import { SessionError } from '../session-error.ts';
import type { ClientEra, Opened, Opening } from './client-era.ts';

/** Speaks to servers that keep nothing between requests. https://modelcontextprotocol.io/specification/2026-07-28/basic */
export const modernClient: ClientEra = {
  name: 'modern',
  codec: /* @__PURE__ */ clientCodecOf('modern'),
  serverMayAsk: false,
  ping: 'server/discover',
  open: agree,
  cancel: (id, reason, binding) =>
    binding.lanes === 'shared' ? cancelledNotification(id, reason) : undefined,
  async listen(link, { filter, signal }) {
    const stop = new AbortController();
    const until = stop.signal;
    const forget = signal && onAbort(signal, () => stop.abort(signal.reason));
    const source = createListening(filter, () => stop.abort());
    void source.listening.ended.then(forget);
    const acknowledged = new Promise<SubscriptionFilter>((resolve, reject) => {
      const onNotification = (notification: JsonRpcNotification): void => {
        const change = changeIn(notification);
        if (change) {
          link.onChange?.(change);
          source.push(change);
        } else if (notification.method === 'notifications/subscriptions/acknowledged')
          resolve((notification.params?.['notifications'] ?? {}) as SubscriptionFilter);
      };
      link
        .call(
          'subscriptions/listen',
          { notifications: filter },
          { signal: until, openEnded: true, onNotification },
        )
        .then(
          () => {
            source.end();
            return reject(
              new ProtocolError('unexpected-shape', 'a subscription ended before it was acknowledged'),
            );
          },
          (error: Error) => {
            source.end(until.aborted ? undefined : error);
            reject(error);
          },
        );
    });
    return { ...source.listening, filter: await acknowledged };
  },
  async setLogLevel(link, level) {
    link.stampLogLevel(level);
  },
};

const [NEWEST] = revisionsOf('modern') as [string];

/** The revisions that a server names when it turned ours away; `undefined` for any other error. */
export function supportedIn(error: RemoteError): readonly string[] | undefined {
  if (error.code !== ErrorCode.UnsupportedProtocolVersion || !isJsonObject(error.data)) return undefined;
  const { supported } = error.data;
  return Array.isArray(supported) && supported.every((date) => typeof date === 'string')
    ? supported
    : undefined;
}

/** A server that turns a revision away says which it speaks: one that both speak is tried once, also the same again. */
async function agree(opening: Opening): Promise<Opened> {
  try {
    return await discover(opening, NEWEST);
  } catch (error) {
    const supported = isRemoteError(error) ? supportedIn(error) : undefined;
    const common = revisionsOf('modern').find((date) => supported?.includes(date));
    if (common === undefined) throw error;
    return discover(opening, common);
  }
}

/** https://modelcontextprotocol.io/specification/2026-07-28/server/discover */
async function discover(
  { caller, binding, info, capabilities, signal, timeout }: Opening,
  revision: string,
): Promise<Opened> {
  const { codec } = modernClient;
  const params = codec.encodeParams(
    'server/discover',
    {},
    { revision, clientInfo: info, clientCapabilities: capabilities },
  );
  const wire = await caller.call('server/discover', params, {
    options: { signal, timeout, maxTotalTimeout: timeout },
    cancel: (id, reason) => modernClient.cancel(id, reason, binding),
    revision,
  });
  const outcome = codec.decodeResult('server/discover', wire);
  if (outcome.kind !== 'complete')
    throw new ProtocolError(
      'unknown-result-type',
      'server/discover was answered with something else than a result',
    );
  const { supportedVersions, capabilities: offered, instructions, _meta } = outcome.result;
  const agreed = revisionsOf('modern').find((date) => (supportedVersions as string[]).includes(date));
  if (agreed === undefined) {
    throw new SessionError(
      'no-common-revision',
      `the server speaks ${JSON.stringify(supportedVersions)}, this client ${revisionsOf('modern').join(', ')}`,
    );
  }
  return {
    revision: agreed,
    capabilities: offered as ServerCapabilities,
    serverInfo: isJsonObject(_meta) ? (_meta[MetaKey.serverInfo] as Implementation | undefined) : undefined,
    instructions: typeof instructions === 'string' ? instructions : undefined,
  };
}
