import type { TransportError } from '@trunkline/transport';
import { expect, test } from 'vitest';
import { messageLines } from './message-lines.ts';

function sorter(): {
  sort: (line: string) => void;
  messages: string[];
  noise: string[];
  faults: TransportError[];
} {
  const messages: string[] = [];
  const noise: string[] = [];
  const faults: TransportError[] = [];
  const sort = messageLines({
    message: (line) => messages.push(line),
    noise: (line) => noise.push(line),
    fault: (error) => faults.push(error),
  });
  return { sort, messages, noise, faults };
}

test('only what begins like a message is one', () => {
  const { sort, messages, noise, faults } = sorter();
  for (const line of ['{"a":1}', '  [1]', 'Server ready', '\u001B[32m{}\u001B[0m', '42']) sort(line);
  expect(messages).toEqual(['{"a":1}', '  [1]']);
  expect(noise).toEqual(['Server ready', '\u001B[32m{}\u001B[0m', '42']);
  expect(faults.map(({ code }) => code)).toEqual(['malformed', 'malformed', 'malformed']);
  expect(faults[1]?.message).toContain('"{}"');
});

test('reports are capped in number and length, the last one says so', () => {
  const { sort, noise, faults } = sorter();
  for (let i = 0; i < 1000; i += 1) sort('n'.repeat(5000));
  expect(noise).toHaveLength(1000);
  expect(faults).toHaveLength(20);
  expect(Math.max(...faults.map(({ message }) => message.length))).toBeLessThan(400);
  expect(faults[18]?.message).not.toContain('not reported');
  expect(faults[19]?.message).toContain('not reported');
});

test('a report carries the answer that the contract asks for', () => {
  const { sort, faults } = sorter();
  sort('hello');
  sort('42');
  expect(faults.map(({ answer }) => answer?.error.code)).toEqual([-32700, -32600]);
});
