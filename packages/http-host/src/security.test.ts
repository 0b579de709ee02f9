import { isTransportError } from '@trunkline/transport';
import { describe, expect, test } from 'vitest';
import { assertBindable, createGuard, type Addressing, type TransportSecuritySettings } from './security.ts';

function verdict(request: Partial<Addressing>, settings: TransportSecuritySettings = {}): number {
  const guard = createGuard(settings);
  const asked = {
    host: 'localhost:8000',
    origin: undefined,
    fetchSite: undefined,
    atLoopback: true,
    ...request,
  };
  return guard(asked)?.status ?? 200;
}

describe('the Host of a request on loopback', () => {
  test.each([
    'localhost',
    'localhost:99',
    'LOCALHOST:1',
    '127.0.0.1',
    '127.0.0.1:8000',
    '[::1]',
    '[::1]:65535',
  ])('may be %s', (host) => expect(verdict({ host })).toBe(200));

  test.each([
    ['evil.example', 403],
    ['localhost.evil.example', 403],
    ['evil.example:8000', 403],
    ['127.0.0.2', 403],
    ['localhost.', 400],
    ['user@localhost', 400],
    ['localhost:99999', 400],
    ['localhost:', 400],
    ['localhost:*', 400],
    ['local host', 400],
    ['[::1', 400],
    ['localhost, evil.example', 400],
    ['', 400],
    [undefined, 400],
  ])('may not be %s', (host, status) => expect(verdict({ host })).toBe(status));

  test('may be a name that is allowed, as behind a proxy', () => {
    const settings = { allowedHosts: ['MCP.example.com'] };
    expect(verdict({ host: 'mcp.example.com' }, settings)).toBe(200);
    expect(verdict({ host: 'localhost' }, settings)).toBe(200);
    expect(verdict({ host: 'x.mcp.example.com' }, settings)).toBe(403);
  });
});

describe('the Host of a request elsewhere', () => {
  const elsewhere = { atLoopback: false };

  test('must be allowed, loopback names too', () => {
    expect(verdict({ ...elsewhere, host: 'localhost' })).toBe(403);
    expect(verdict({ ...elsewhere, host: 'a.example' }, { allowedHosts: ['a.example'] })).toBe(200);
    expect(verdict({ ...elsewhere, host: 'localhost' }, { allowedHosts: ['a.example'] })).toBe(403);
  });

  test.each([
    ['a.example:8443', 'a.example:8443', 200],
    ['a.example:8443', 'a.example', 403],
    ['a.example:8443', 'a.example:8444', 403],
    ['a.example', 'a.example:8444', 200],
    ['a.example:*', 'a.example:8444', 200],
  ])('allowed as %s may be %s: %i', (allowed, host, status) => {
    expect(verdict({ ...elsewhere, host }, { allowedHosts: [allowed] })).toBe(status);
  });
});

describe('the Host of a request whose connection is not seen', () => {
  const unseen = { atLoopback: undefined };

  test('must be a loopback name, unless names are allowed', () => {
    expect(verdict({ ...unseen, host: 'localhost' })).toBe(200);
    expect(verdict({ ...unseen, host: 'a.example' })).toBe(403);
    expect(verdict({ ...unseen, host: 'a.example' }, { allowedHosts: ['a.example'] })).toBe(200);
    expect(verdict({ ...unseen, host: 'localhost' }, { allowedHosts: ['a.example'] })).toBe(403);
  });
});

describe('the Origin of a request', () => {
  test.each([
    'http://localhost',
    'http://localhost:3000',
    'https://127.0.0.1:1',
    'http://[::1]:5173',
    'HTTP://LOCALHOST',
  ])('on loopback may be %s', (origin) => expect(verdict({ origin })).toBe(200));

  test.each([
    'null',
    '',
    'http://evil.example',
    'http://localhost.evil.example',
    'http://localhost%00.evil',
    'http://localhost@evil.example',
    'http://localhost/path',
    'file://',
    'chrome-extension://abc',
    'localhost',
  ])('on loopback may not be %j', (origin) => expect(verdict({ origin })).toBe(403));

  test('elsewhere must be allowed, written as a browser writes it or not', () => {
    const settings = { allowedHosts: ['a.example'], allowedOrigins: ['https://app.example:443'] };
    const at = (origin: string): number =>
      verdict({ host: 'a.example', atLoopback: false, origin }, settings);
    expect(at('https://app.example')).toBe(200);
    expect(at('https://APP.example')).toBe(200);
    expect(at('http://app.example')).toBe(403);
    expect(at('https://app.example:8443')).toBe(403);
    expect(at('https://sub.app.example')).toBe(403);
    expect(at('http://localhost')).toBe(403);
  });

  test('may be missing, unless a browser says that another site asks', () => {
    expect(verdict({ fetchSite: 'cross-site' })).toBe(403);
    expect(verdict({ fetchSite: 'same-origin' })).toBe(200);
    expect(verdict({ fetchSite: 'none' })).toBe(200);
    expect(verdict({ fetchSite: 'cross-site', origin: 'http://localhost' })).toBe(200);
  });
});

test('nothing is checked where that is turned off', () => {
  const request = { host: 'evil.example', origin: 'null', atLoopback: false };
  expect(verdict(request, { dnsRebindingProtection: false })).toBe(200);
});

describe('settings that cannot be read are a mistake:', () => {
  test.each<TransportSecuritySettings>([
    { allowedHosts: ['https://a.example'] },
    { allowedHosts: ['a.example/path'] },
    { allowedHosts: ['*.example'] },
    { allowedOrigins: ['a.example'] },
    { allowedOrigins: ['https://a.example/'] },
    { allowedOrigins: ['*'] },
  ])('%j', (settings) => {
    expect(thrownBy(() => createGuard(settings))).toBe('misuse');
  });
});

describe('listening', () => {
  test.each(['127.0.0.1', '127.0.0.53', '::1', 'localhost', '::ffff:127.0.0.1'])(
    'on %s needs no names',
    (host) => {
      expect(thrownBy(() => assertBindable(host, {}))).toBeUndefined();
    },
  );

  test.each(['0.0.0.0', '::', '', '192.0.2.1', 'example.com'])(
    'on %j needs the names of the server',
    (host) => {
      expect(thrownBy(() => assertBindable(host, {}))).toBe('misuse');
      expect(thrownBy(() => assertBindable(host, { allowedHosts: ['a.example'] }))).toBeUndefined();
      expect(thrownBy(() => assertBindable(host, { dnsRebindingProtection: false }))).toBeUndefined();
    },
  );
});

function thrownBy(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return isTransportError(error) ? error.code : String(error);
  }
}
