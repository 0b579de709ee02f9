import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { corpus } from './corpus.ts';
import { isReply, payload, type Entry, type Reply } from './entry.ts';

interface Reference {
  readonly id: string;
  readonly enc: 'utf8' | 'hex' | 'http' | 'gen' | 'desc';
  readonly bytesOrDescription: string;
  readonly expected: { readonly rpc?: number; readonly http?: unknown; readonly wsClose?: number };
}

const shared = process.env['TRUNKLINE_SHARED'] ?? fileURLToPath(new URL('../../../shared', import.meta.url));
const file = `${shared}/reference/badinputs.json`;
const reference = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Reference[]) : [];
const skip = reference.length === 0;

test('every id is there once', () => {
  const ids = corpus.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

describe.skipIf(skip)('the corpus and the one it was made from (needs ../shared)', () => {
  test('have the same entries', () => {
    expect(corpus.map(({ id }) => id)).toEqual(reference.map(({ id }) => id));
  });

  test('have the same literal inputs', () => {
    const literal = reference.filter(({ enc }) => enc === 'utf8' || enc === 'hex' || enc === 'http');
    const ours = literal.map(({ id }) => [id, inputOf(id)]);
    expect(ours).toEqual(literal.map(({ id, bytesOrDescription: text }) => [id, text]));
  });

  test('expect the same codes', () => {
    const coded = reference.filter(({ expected }) => expected.rpc !== undefined);
    const missing = coded.filter(({ id, expected }) => !codesOf(id).includes(expected.rpc ?? 0));
    expect(missing.map(({ id, expected }) => [id, expected.rpc, codesOf(id)])).toEqual([]);
  });

  test('expect the same statuses', () => {
    const plain = reference.filter(
      ({ expected }) => typeof expected.http === 'number' || Array.isArray(expected.http),
    );
    expect(plain.map(({ id }) => [id, find(id).expect.status])).toEqual(
      plain.map(({ id, expected }) => [id, expected.http]),
    );
    const closing = reference.filter(({ expected }) => expected.wsClose !== undefined);
    expect(closing.map(({ id }) => [id, find(id).expect.closes])).toEqual(
      closing.map(({ id, expected }) => [id, expected.wsClose]),
    );
  });
});

function find(id: string): Entry {
  return corpus.find((entry) => entry.id === id) as Entry;
}

function inputOf(id: string): string | undefined {
  const input = payload(find(id).input);
  return typeof input === 'object' ? Buffer.from(input).toString('hex') : input;
}

function codesOf(id: string): number[] {
  const { reply = 'nothing' } = find(id).expect;
  const replies: readonly Reply[] = isReply(reply) ? [reply] : Object.values(reply);
  return replies.flatMap((each) => (typeof each === 'object' && 'error' in each ? [each.error] : []));
}
