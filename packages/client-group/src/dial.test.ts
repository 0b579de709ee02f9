import type { Dial } from '@trunkline/transport';
import { describe, expect, test, vi } from 'vitest';
import { targetOf, timeoutOf } from './dial.ts';
import type { Dialers, ServerSource } from './parameters.ts';

const dial: Dial = () => {
  throw new Error('not dialled here');
};

function dialers(): {
  [Kind in keyof Required<Dialers>]: ReturnType<typeof vi.fn<NonNullable<Dialers[Kind]>>>;
} {
  const make = <Made extends (...args: never[]) => Dial>(): ReturnType<typeof vi.fn<Made>> =>
    vi.fn<Made>((() => dial) as unknown as Made);
  return { stdio: make(), http: make(), sse: make(), webSocket: make() };
}

describe('targetOf', () => {
  test('starts a process with the policy for starting it again', () => {
    const own = dialers();
    targetOf({ type: 'stdio', command: ['a', 'b'], cwd: '/' }, own, { maxRestarts: 2 });
    expect(own.stdio).toHaveBeenCalledWith(
      { command: ['a', 'b'], cwd: '/' },
      { restart: { maxRestarts: 2 } },
    );
    targetOf({ command: 'a' }, own, false);
    expect(own.stdio).toHaveBeenLastCalledWith({ command: 'a' }, {});
  });

  test('takes each kind of address to its dialer', () => {
    const own = dialers();
    targetOf({ type: 'http', url: 'https://a.example', headers: { A: '1' }, method: 'post' }, own, {});
    expect(own.http).toHaveBeenCalledWith('https://a.example', { headers: { A: '1' } });
    expect(own.sse).not.toHaveBeenCalled();
    targetOf({ type: 'sse', url: 'https://a.example', sseReadTimeout: 7 }, own, {});
    expect(own.sse).toHaveBeenCalledWith('https://a.example', { sseReadTimeout: 7 });
    targetOf({ url: 'wss://a.example' }, own, {});
    expect(own.webSocket).toHaveBeenCalledWith('wss://a.example');
  });

  test('tries both kinds of HTTP where the parameters do not say which', () => {
    expect(targetOf({ url: 'https://a.example' }, dialers(), {})).toEqual([dial, dial]);
    const { http } = dialers();
    expect(targetOf({ url: 'https://a.example' }, { http }, {})).toBe(dial);
  });

  test('takes dials as they are', () => {
    expect(targetOf(dial, {}, {})).toBe(dial);
    expect(targetOf([dial], {}, {})).toEqual([dial]);
  });

  test.each<[ServerSource, string]>([
    [{ command: 'a' }, '@trunkline/transport-stdio'],
    [{ url: 'https://a.example' }, '@trunkline/transport-http'],
    [{ type: 'sse', url: 'https://a.example' }, '@trunkline/transport-sse'],
    [{ type: 'ws', url: 'ws://a.example' }, '@trunkline/transport-ws'],
  ])('names what to install for %j', (source, name) => {
    expect(() => targetOf(source, {}, {})).toThrow(
      expect.objectContaining({ code: 'dialer-missing', message: expect.stringContaining(name) }),
    );
  });

  test.each<[unknown, string]>([
    [{ url: 'https://a.example', method: 'GET' }, 'POST'],
    [{ type: 'pigeon', url: 'https://a.example' }, 'pigeon'],
    [{ type: 'http', command: 'a' }, 'command'],
    [{}, 'command or a url'],
  ])('refuses %j', (source, reason) => {
    expect(() => targetOf(source as ServerSource, dialers(), {})).toThrow(
      expect.objectContaining({ code: 'bad-parameters', message: expect.stringContaining(reason) }),
    );
  });
});

test('the timeout of parameters is that of their calls', () => {
  expect(timeoutOf({ url: 'https://a.example', timeout: 5 })).toBe(5);
  expect(timeoutOf({ command: 'a' })).toBeUndefined();
});
