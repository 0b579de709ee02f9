import { lookup, type LookupAddress } from 'node:dns';
import { request as insecure, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as secure } from 'node:https';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { AuthError } from '../auth-error.ts';
import type { Fetch } from '../client/documents.ts';

/** Which addresses may be connected to. */
export interface PublicFetchOptions {
  /** Allows an address that would be refused. */
  readonly allow?: (address: string) => boolean;
  /** Finds the addresses of a name; the system does unless given. */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>;
}

/**
 * A `fetch` for programs that visit addresses which strangers name: it connects to no private, loopback or link-local
 * address, looks a name up once, and connects to what it found and nothing else. It follows no redirects. Bodies are text.
 * Rejects with `url-blocked`.
 * https://modelcontextprotocol.io/docs/2026-07-28/tutorials/security/security_best_practices
 */
export function publicFetch({ allow = () => false, resolve = resolveAll }: PublicFetchOptions = {}): Fetch {
  const permitted = (address: string): boolean => allow(address) || !isPrivate(address);
  return async (address, { method = 'GET', headers, body, signal }) => {
    const url = new URL(address);
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const found = isIP(host) === 0 ? await resolve(host) : [host];
    const [first] = found;
    if (first === undefined || !found.every(permitted))
      throw new AuthError('url-blocked', `${url.host} is in a private network`);
    const content = body === null || body === undefined ? undefined : textOf(body);
    const options: RequestOptions = {
      method,
      headers: {
        ...Object.fromEntries(new Headers(headers)),
        ...(content !== undefined && { 'content-length': String(Buffer.byteLength(content)) }),
      },
      lookup: pinned(first),
      // A pooled connection may lead where another look-up led.
      agent: false,
      ...(signal && { signal }),
    };
    return send(url, options, content);
  };
}

const PRIVATE = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  PRIVATE.addSubnet(net, prefix, 'ipv4');

/** Only global unicast is public, and of that not what embeds an IPv4 address. */
const PUBLIC_V6 = new BlockList();
PUBLIC_V6.addSubnet('2000::', 3, 'ipv6');
const EMBEDDING = new BlockList();
EMBEDDING.addSubnet('2001::', 32, 'ipv6');
EMBEDDING.addSubnet('2002::', 16, 'ipv6');

function isPrivate(address: string): boolean {
  if (!isIPv6(address)) return PRIVATE.check(address, 'ipv4');
  return !PUBLIC_V6.check(address, 'ipv6') || EMBEDDING.check(address, 'ipv6');
}

function pinned(address: string): LookupFunction {
  const family = isIP(address);
  return (_hostname, { all }, callback) => {
    if (all) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}

function send(url: URL, options: RequestOptions, content: string | undefined): Promise<Response> {
  const request = url.protocol === 'https:' ? secure : insecure;
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (message) => {
      try {
        resolve(responseOf(message));
      } catch (error) {
        message.destroy();
        reject(error);
      }
    });
    sent.once('error', reject);
    sent.end(content);
  });
}

function responseOf(message: IncomingMessage): Response {
  const { statusCode: status = 500, headersDistinct } = message;
  const headers = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  const empty = [204, 205, 304].includes(status);
  if (empty) message.resume();
  const body = empty
    ? null
    : (Readable.toWeb(message) as NodeStream<Uint8Array> as ReadableStream<Uint8Array>);
  return new Response(body, { status, headers });
}

function textOf(body: BodyInit): string {
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new AuthError('misuse', 'publicFetch sends text only');
}

function resolveAll(hostname: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    lookup(hostname, { all: true }, (error, found: LookupAddress[]) => {
      if (error) reject(error);
      else resolve(found.map(({ address }) => address));
    });
  });
}
