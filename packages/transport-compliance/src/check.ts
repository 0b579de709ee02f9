import { isTransportError, type TransportErrorCode } from '@trunkline/transport';

/** Throws unless the claim holds. */
export function check(holds: boolean, claim: string): asserts holds {
  if (!holds) throw new Error(claim);
}

/** Throws unless two JSON values are equal. */
export function same(actual: unknown, expected: unknown, claim: string): void {
  if (equal(actual, expected)) return;
  throw new Error(`${claim}: expected ${shown(expected)}, got ${shown(actual)}`);
}

/** Throws unless the promise rejects with a `TransportError` of this code. */
export async function rejectsWith(
  code: TransportErrorCode,
  promise: Promise<unknown>,
  claim: string,
): Promise<void> {
  const outcome = await outcomeOf(promise);
  check('reason' in outcome, `${claim}: it resolved`);
  const { reason } = outcome;
  check(isTransportError(reason), `${claim}: it rejected with ${String(reason)}, which is no TransportError`);
  same(reason.code, code, `${claim}: the code`);
}

/** How a promise settled. */
export async function outcomeOf(
  promise: Promise<unknown>,
): Promise<{ value: unknown } | { reason: unknown }> {
  return promise.then(
    (value) => ({ value }),
    (reason: unknown) => ({ reason }),
  );
}

function equal(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Object.getPrototypeOf(left) !== Object.getPrototypeOf(right)) return false;
  const leftNames = Object.keys(left);
  const values = right as Record<string, unknown>;
  return (
    leftNames.length === Object.keys(right).length &&
    leftNames.every(
      (name) => Object.hasOwn(right, name) && equal((left as typeof values)[name], values[name]),
    )
  );
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text;
}
