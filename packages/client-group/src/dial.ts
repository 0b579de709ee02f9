import type { Dial, Transport } from '@trunkline/transport';
import { GroupError } from './group-error.ts';
import type {
  Dialers,
  RestartPolicy,
  ServerParameters,
  ServerSource,
  SseServerParameters,
  StreamableHttpParameters,
} from './parameters.ts';

const PACKAGES: Readonly<Record<keyof Dialers, { readonly name: string; readonly dialer: string }>> = {
  stdio: { name: '@trunkline/transport-stdio', dialer: 'stdioClient' },
  http: { name: '@trunkline/transport-http', dialer: 'httpClient' },
  sse: { name: '@trunkline/transport-sse', dialer: 'sseClient' },
  webSocket: { name: '@trunkline/transport-ws', dialer: 'webSocketClient' },
};

/** What a session is opened with. Throws a `GroupError` if the parameters describe no server, or nobody can dial it. */
export function targetOf(
  source: ServerSource,
  dialers: Dialers,
  restart: RestartPolicy | false,
): Dial | readonly Dial[] | Transport {
  if (typeof source === 'function' || Array.isArray(source) || 'start' in source)
    return source as Dial | readonly Dial[] | Transport;
  return dialOf(source as ServerParameters, dialers, restart);
}

/** Milliseconds that the parameters themselves give a call. */
export function timeoutOf(source: ServerSource): number | undefined {
  return 'timeout' in source && typeof source.timeout === 'number' ? source.timeout : undefined;
}

function dialOf(
  parameters: ServerParameters,
  dialers: Dialers,
  restart: RestartPolicy | false,
): Dial | readonly Dial[] {
  const { type } = parameters;
  if ('command' in parameters) {
    if (type !== undefined && type !== 'stdio') throw contradictory('command', type);
    const { type: _type, ...stdio } = parameters;
    return dialer('stdio', dialers)(stdio, restart ? { restart } : {});
  }
  if (!('url' in parameters)) throw new GroupError('bad-parameters', 'a server needs a command or a url');
  const { url } = parameters;
  if (type === 'ws' || type === 'websocket' || isWebSocket(url)) return dialer('webSocket', dialers)(url);
  if (type === 'sse') return sse(parameters, dialers);
  if (type === undefined || type === 'http' || type === 'streamable-http' || type === 'streamableHttp')
    return http(parameters, dialers);
  throw contradictory('url', type);
}

function http(
  { type, url, headers, method, terminateOnClose }: StreamableHttpParameters,
  dialers: Dialers,
): Dial | readonly Dial[] {
  if (method !== undefined && method.toUpperCase() !== 'POST')
    throw new GroupError(
      'bad-parameters',
      `method ${JSON.stringify(method)}: Streamable HTTP sends every message with POST; leave it out`,
    );
  const direct = dialer('http', dialers)(url, {
    ...(headers && { headers }),
    ...(terminateOnClose !== undefined && { terminateOnClose }),
  });
  // Configurations without a type mean either kind of HTTP.
  return type === undefined && dialers.sse
    ? [direct, sse({ type: 'sse', url, ...(headers && { headers }) }, dialers)]
    : direct;
}

function sse({ url, headers, sseReadTimeout }: SseServerParameters, dialers: Dialers): Dial {
  return dialer('sse', dialers)(url, {
    ...(headers && { headers }),
    ...(sseReadTimeout !== undefined && { sseReadTimeout }),
  });
}

function dialer<Kind extends keyof Dialers>(kind: Kind, dialers: Dialers): NonNullable<Dialers[Kind]> {
  const found = dialers[kind];
  if (found) return found;
  const { name, dialer: value } = PACKAGES[kind];
  throw new GroupError(
    'dialer-missing',
    `nothing here dials ${kind}; install ${name} and pass { dialers: { ${kind}: ${value} } }`,
  );
}

function isWebSocket(url: string | URL): boolean {
  return /^wss?:/i.test(String(url));
}

function contradictory(member: string, type: string): GroupError {
  return new GroupError(
    'bad-parameters',
    `a server with a ${member} cannot be of type ${JSON.stringify(type)}`,
  );
}
