import { expect, test } from 'vitest';
import { Leases } from './leases.ts';

const ADA = { clientId: 'app', subject: 'ada', scopes: [] };
const BOB = { clientId: 'app', subject: 'bob', scopes: [] };
const BUSY = expect.objectContaining({ name: 'RemoteError', code: 429 }) as Error;

function refusal(leases: Leases, auth?: typeof ADA): unknown {
  try {
    leases.take(auth);
  } catch (error) {
    return error;
  }
  return undefined;
}

test('a principal has its own share', () => {
  const leases = new Leases('doors', 10, 2);
  leases.take(ADA);
  const second = leases.take(ADA);
  expect(refusal(leases, ADA)).toEqual(BUSY);
  expect(refusal(leases, BOB)).toBeUndefined();
  second.release();
  expect(refusal(leases, ADA)).toBeUndefined();
});

test('all together have no more than there is, and anonymous clients share one number', () => {
  const leases = new Leases('doors', 3, 1);
  expect([refusal(leases), refusal(leases), refusal(leases), refusal(leases)]).toEqual([
    undefined,
    undefined,
    undefined,
    BUSY,
  ]);
  expect(refusal(leases, ADA)).toEqual(BUSY);
});

test('releasing twice gives back once', () => {
  const leases = new Leases('doors', 2, 2);
  const first = leases.take(ADA);
  leases.take(ADA);
  first.release();
  first.release();
  expect(refusal(leases, ADA)).toBeUndefined();
  expect(refusal(leases, ADA)).toEqual(BUSY);
});
