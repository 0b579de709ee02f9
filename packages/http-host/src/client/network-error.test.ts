import { expect, test } from 'vitest';
import { networkError } from './network-error.ts';

function failed(code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}

test.each([
  ['ECONNREFUSED', 'not-sent', 'not-sent'],
  ['ENOTFOUND', 'not-sent', 'not-sent'],
  ['EAI_AGAIN', 'not-sent', 'not-sent'],
  ['ENETUNREACH', 'not-sent', 'not-sent'],
  ['ConnectionRefused', 'not-sent', 'not-sent'],
  ['UND_ERR_CONNECT_TIMEOUT', 'connect-timeout', 'not-sent'],
  ['ETIMEDOUT', 'connect-timeout', 'not-sent'],
  ['CERT_HAS_EXPIRED', 'tls', 'not-sent'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', 'not-sent'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls', 'not-sent'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', 'not-sent'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls', 'not-sent'],
  ['EPROTO', 'tls', 'not-sent'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timed-out', 'unknown'],
  ['ECONNRESET', 'stream-ended', 'unknown'],
  ['UND_ERR_SOCKET', 'stream-ended', 'unknown'],
])('%s is %s, and the message %s', (cause, code, delivery) => {
  const error = networkError('https://here.example/mcp?key=secret', failed(cause));
  expect(error).toMatchObject({ code, delivery });
  expect(error.status).toBeUndefined();
  expect(error.message).not.toContain('secret');
});

test('the first of several attempts tells', () => {
  const cause = new AggregateError([
    Object.assign(new Error('v6'), { code: 'ECONNREFUSED' }),
    new Error('v4'),
  ]);
  expect(networkError('http://localhost/', new TypeError('fetch failed', { cause })).code).toBe('not-sent');
});

test('a type error without more is what browsers say', () => {
  expect(networkError('http://localhost/', new TypeError('Failed to fetch'))).toMatchObject({
    code: 'refused',
    status: 0,
    delivery: 'unknown',
  });
});

test('any other error is its own explanation', () => {
  const cause = new Error('no token');
  expect(networkError('http://localhost/', cause)).toMatchObject({
    code: 'refused',
    status: undefined,
    cause,
  });
});
