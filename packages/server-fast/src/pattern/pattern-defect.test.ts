import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { patternDefect } from './pattern-defect.ts';

describe('patterns that read a text in one way only are allowed', () => {
  test.each([
    '^a+$',
    '^(a|b)*$',
    '^[a-z]+(?:-[a-z]+)*$',
    String.raw`^\d{4}-\d{2}-\d{2}$`,
    '^([0-9a-f]{2}){16}$',
    '^([a-z]{12}){12}$',
    String.raw`^(\w+\s)*\w+$`,
    '^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$',
    String.raw`^\p{L}+(?:\s\p{L}+)*$`,
    String.raw`^(?=.*\d)(?=.*[a-z]).{8,}$`,
    String.raw`^(?<year>\d+)-(?<month>\d+)$`,
    String.raw`^[^\]\\/"]*$`,
    String.raw`^(?:[^"\\]|\\.)*$`,
    String.raw`^\u{1F600}+[\u{1F601}-\u{1F64F}]*$`,
    'a{,5}',
    '^(foo|bar|foobar)$',
    '',
  ])('%s', (pattern) => {
    expect(patternDefect(pattern)).toBeUndefined();
  });

  const formats = [
    z.email(),
    z.url(),
    z.uuid(),
    z.ipv4(),
    z.ipv6(),
    z.cidrv4(),
    z.cidrv6(),
    z.base64(),
    z.base64url(),
    z.e164(),
    z.jwt(),
    z.cuid2(),
    z.ulid(),
    z.nanoid(),
    z.emoji(),
    z.iso.date(),
    z.iso.time(),
    z.iso.datetime({ offset: true }),
    z.iso.duration(),
    z.hostname(),
    z.hex(),
    z.mac(),
  ];
  test.each(formats.map((format) => [format._zod.def.format, format] as const))(
    'of the format %s',
    (_name, format) => {
      const { pattern } = z.toJSONSchema(format);
      expect(pattern === undefined || patternDefect(pattern)).toBeOneOf([true, undefined]);
    },
  );
});

describe('patterns that may take exponential time are refused', () => {
  test.each([
    '^(a+)+$',
    '^(a*)*$',
    '^(a|a)*$',
    '^(a|aa)+$',
    String.raw`^(\w+\s?)+$`,
    '^(a?b?)*$',
    '^(a{0,3})*$',
    '^(a|b|ab)*c$',
    '^([a-z]+)*@',
    String.raw`^(\d+|[0-9a-f]+)*$`,
    String.raw`^(?=(x+x+)+y)x`,
    '^(a+){20}$',
    '^(a?){30}a{30}$',
    '^(a|a){40}$',
    String.raw`^(([\-.]|[_]+)?([a-z0-9]+))*@`,
    '(?:[a-z0-9]+-?)*[a-z0-9]+!',
  ])('%s', (pattern) => {
    expect(patternDefect(pattern)).toMatch(/exponential/);
  });
});

test.each([
  ['(', /no regular expression/],
  ['a'.repeat(1025), /longer than 1024/],
  [String.raw`^(a+)\1$`, /refers back/],
  [String.raw`^(?<x>a+)\k<x>$`, /refers back/],
  ['((((a{9}){9}){9}){9}){9}', /too large/],
])('%#: other defects are named', (pattern, reason) => {
  expect(patternDefect(pattern)).toMatch(reason);
});
