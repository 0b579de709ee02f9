import { TransportError } from '@trunkline/transport';

/** Who may reach a server through a browser. https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http */
export interface TransportSecuritySettings {
  /** Whether `Host` and `Origin` are checked at all. True unless given. */
  readonly dnsRebindingProtection?: boolean;
  /** Names under which the server may be addressed, with a port (`example.com:8443`) or for every port. Loopback names need no entry. */
  readonly allowedHosts?: readonly string[];
  /** Origins whose pages may call, such as `https://app.example.com`. Loopback origins need no entry on loopback. */
  readonly allowedOrigins?: readonly string[];
}

/** What decides about a request, and where it came in. */
export interface Addressing {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  /** Whether the connection ends at a loopback address; `undefined` where no connection is seen. */
  readonly atLoopback: boolean | undefined;
}

/** Why a request is turned away. */
export interface Objection {
  readonly status: 400 | 403;
  readonly reason: string;
}

/**
 * Decides by where the connection ends: on loopback only loopback names are served, beside those allowed; elsewhere only
 * those allowed. Names are parsed and compared whole. Throws `misuse` for settings that cannot be read.
 */
export function createGuard(
  settings: TransportSecuritySettings,
): (request: Addressing) => Objection | undefined {
  const { dnsRebindingProtection = true, allowedHosts, allowedOrigins = [] } = settings;
  const hosts = allowedHosts?.map(readHost);
  const origins = new Set(allowedOrigins.map(readOrigin));
  if (!dnsRebindingProtection) return () => undefined;
  return ({ host, origin, fetchSite, atLoopback }) => {
    const name = parseHost(host);
    if (!name) return { status: 400, reason: 'the Host header is missing or malformed' };
    const local = atLoopback ?? hosts === undefined;
    if (!(local && LOOPBACK.has(name.name)) && !hosts?.some((allowed) => covers(allowed, name))) {
      return {
        status: 403,
        reason: `this server is not addressed as ${name.name}; allowedHosts lists what it is addressed as`,
      };
    }
    if (origin === undefined) {
      return fetchSite === 'cross-site'
        ? { status: 403, reason: 'pages of other sites may not call this server' }
        : undefined;
    }
    const normal = normalOrigin(origin);
    if (normal !== undefined && (origins.has(normal.text) || (local && LOOPBACK.has(normal.name))))
      return undefined;
    return {
      status: 403,
      reason: `pages of ${normal?.text ?? 'this origin'} may not call this server; allowedOrigins lists whose may`,
    };
  };
}

/** Throws `misuse` unless a server that listens there is safe from pages that rebind a name to its address. */
export function assertBindable(host: string, settings: TransportSecuritySettings): void {
  if (settings.dnsRebindingProtection === false || settings.allowedHosts !== undefined || isLoopback(host))
    return;
  throw new TransportError(
    'misuse',
    `listening on ${JSON.stringify(host)} needs allowedHosts, the names under which clients reach this server; or listen on 127.0.0.1`,
    { delivery: 'not-sent' },
  );
}

/** Whether an address, or the name of one, is this machine's own. */
export function isLoopback(address: string): boolean {
  return (
    address === 'localhost' ||
    address === '::1' ||
    /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address)
  );
}

interface HostName {
  readonly name: string;
  readonly port: string | undefined;
}

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
const HOST = /^([a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(?::(\d{1,5}|\*))?$/;

function parseHost(text: string | undefined): HostName | undefined {
  const [, name, port] = HOST.exec(text?.toLowerCase() ?? '') ?? [];
  if (name === undefined || port === '*' || Number(port ?? 0) > 65_535) return undefined;
  return { name, port };
}

function readHost(text: string): HostName {
  const [, name, port] = HOST.exec(text.toLowerCase()) ?? [];
  if (name === undefined)
    throw unreadable('allowedHosts', text, 'a name such as example.com or example.com:8443');
  return { name, port: port === '*' ? undefined : port };
}

function covers(allowed: HostName, { name, port }: HostName): boolean {
  return allowed.name === name && (allowed.port === undefined || allowed.port === port);
}

function normalOrigin(text: string): { text: string; name: string } | undefined {
  const [, scheme, rest] = /^(https?):\/\/(.*)$/.exec(text.toLowerCase()) ?? [];
  const host = parseHost(rest);
  if (!host) return undefined;
  const port =
    host.port === undefined || host.port === (scheme === 'http' ? '80' : '443') ? '' : `:${host.port}`;
  return { text: `${scheme}://${host.name}${port}`, name: host.name };
}

function readOrigin(text: string): string {
  const normal = normalOrigin(text);
  if (!normal) throw unreadable('allowedOrigins', text, 'an origin such as https://app.example.com');
  return normal.text;
}

function unreadable(option: string, value: string, expected: string): TransportError {
  return new TransportError(
    'misuse',
    `${option} contains ${JSON.stringify(value)}, which is not ${expected}`,
    {
      delivery: 'not-sent',
    },
  );
}
