import { isTransportError } from '@trunkline/transport';
import { describe, expect, test } from 'vitest';
import { createCors } from './cors.ts';
import type { RequestHead } from './head.ts';

const cors = createCors({ origins: ['https://app.example'] });

function preflight(fields: Record<string, string>, method = 'OPTIONS'): RequestHead {
  return { method, url: '/mcp', header: (name) => fields[name] };
}

describe('answers', () => {
  test('say to an allowed origin, and to it alone, what it may read', () => {
    expect(cors.fieldsFor('https://app.example')).toEqual({
      vary: 'origin',
      'access-control-allow-origin': 'https://app.example',
      'access-control-expose-headers': 'Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate',
    });
    for (const other of [undefined, 'null', 'https://app.example.evil', 'http://app.example'])
      expect(cors.fieldsFor(other)).toEqual({ vary: 'origin' });
  });
});

describe('a preflight', () => {
  test('is answered with the fields asked for that are known', () => {
    const asked = 'Content-Type, mcp-method, Mcp-Param-Region, authorization, x-evil, mcp-param-, cookie';
    const fields = { 'access-control-request-method': 'POST', 'access-control-request-headers': asked };
    expect(cors.preflight(preflight(fields))).toEqual({
      'access-control-allow-methods': 'GET, POST, DELETE',
      'access-control-allow-headers': 'content-type, mcp-method, mcp-param-region, authorization',
      'access-control-max-age': '600',
    });
  });

  test('is an OPTIONS request that says for which method', () => {
    expect(cors.preflight(preflight({}))).toBeUndefined();
    expect(cors.preflight(preflight({ 'access-control-request-method': 'POST' }, 'POST'))).toBeUndefined();
  });
});

test('a wildcard is a mistake', () => {
  let thrown: unknown;
  try {
    createCors({ origins: ['*'] });
  } catch (error) {
    thrown = error;
  }
  expect(isTransportError(thrown) && thrown.code).toBe('misuse');
});
