import { expect, test } from 'vitest';
import { Places } from './places.ts';

const ada = { clientId: 'app', subject: 'ada', scopes: [] };
const bob = { ...ada, subject: 'bob' };

test('all of them, and those of one principal, are counted apart', () => {
  const places = new Places({ all: 3, perPrincipal: 2 });
  const leave = places.take(ada);
  expect(places.take({ ...ada, scopes: ['other'] })).toBeTypeOf('function');
  expect(places.take(ada)).toBe(429);
  expect(places.take(bob)).toBeTypeOf('function');
  expect(places.take(bob)).toBe(503);
  expect(places.taken).toBe(3);
  if (typeof leave === 'function') leave();
  expect(places.taken).toBe(2);
  expect(places.take(ada)).toBeTypeOf('function');
});

test('anonymous clients have no share of their own', () => {
  const places = new Places({ all: 3, perPrincipal: 1 });
  for (let taken = 0; taken < 3; taken += 1) expect(places.take(undefined)).toBeTypeOf('function');
  expect(places.take(undefined)).toBe(503);
});
