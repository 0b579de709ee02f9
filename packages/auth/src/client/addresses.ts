import { AuthError } from '../auth-error.ts';

/** Decides which addresses may be visited. */
export interface AddressPolicy {
  /** The address, parsed, if it may be visited. Throws `url-blocked` with `what` it is if not. */
  check(address: unknown, what: string): URL;
}

/**
 * Lets pass what is https, and http to this machine; and what is neither on this machine nor in a private network, unless
 * `server`, which the user chose, is there too or `allowPrivate` says so. Names are not looked up: `publicFetch` does that.
 * https://modelcontextprotocol.io/docs/2026-07-28/tutorials/security/security_best_practices
 */
export function addressPolicy(server: URL, allowPrivate = false): AddressPolicy {
  return {
    check(address, what) {
      const url = parse(address, what);
      const local = isLoopbackName(url.hostname);
      if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local))
        throw blocked(what, url, 'is not https');
      if (url.username !== '' || url.password !== '') throw blocked(what, url, 'carries credentials');
      if (allowPrivate || url.hostname === server.hostname) return url;
      if (local && !isLoopbackName(server.hostname))
        throw blocked(what, url, 'leads to this machine, and the server is elsewhere');
      if (!local && isPrivateAddress(url.hostname)) throw blocked(what, url, 'leads into a private network');
      return url;
    },
  };
}

/** An address that a browser may be sent to: no scheme that runs code, and no character that a shell reads. */
export function assertOpenable(address: string): void {
  // What remains is what RFC 3986 allows without the sub-delims that expand or quote in a shell.
  if (!/^https?:\/\/[A-Za-z0-9\-._~:/?#[\]@!&*+,;=%]+$/.test(address))
    throw new AuthError(
      'url-blocked',
      'the authorization endpoint has characters that no such address needs',
    );
}

/** The address of an issuer that the program itself names. Throws `misuse` for anything else. */
export function issuerUrl(issuer: string): URL {
  if (!URL.canParse(issuer))
    throw new AuthError('misuse', `${JSON.stringify(issuer)} is not the address of an issuer`);
  return new URL(issuer);
}

/** Whether a host name is this machine's own. */
export function isLoopbackName(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

/** Whether a host name, as `URL` normalizes it, is an address that the public internet does not route to. */
export function isPrivateAddress(hostname: string): boolean {
  const v4 = /^(\d+)\.(\d+)\.\d+\.\d+$/.exec(hostname);
  if (v4) {
    const [first, second] = [Number(v4[1]), Number(v4[2])];
    return (
      [0, 10, 127].includes(first) ||
      first >= 224 ||
      (first === 100 && second >= 64 && second < 128) ||
      (first === 169 && second === 254) ||
      (first === 172 && second >= 16 && second < 32) ||
      (first === 192 && second === 168) ||
      (first === 198 && (second === 18 || second === 19))
    );
  }
  // Only global unicast is public, and of that not what embeds an IPv4 address.
  return hostname.startsWith('[') && !/^\[(?!2002:|2001:0?:|2001::)[23][0-9a-f]{3}:/.test(hostname);
}

function parse(address: unknown, what: string): URL {
  if (typeof address !== 'string' || address.length > 8_192 || !URL.canParse(address))
    throw new AuthError('metadata-invalid', `${what} is not an address`);
  // `URL` drops line breaks and tabs; whoever wrote them meant something else to read them.
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u0020\u007f\\]/.test(address))
    throw new AuthError('url-blocked', `${what} has characters that no address has`);
  return new URL(address);
}

function blocked(what: string, url: URL, reason: string): AuthError {
  return new AuthError('url-blocked', `${what} ${url.protocol}//${url.host} ${reason}`);
}
