import type { Acceptor, Listener, Listening, ListenOptions } from '@trunkline/transport';
import { memoryPair } from '@trunkline/transport-memory';
import { connect, type Client } from '@trunkline/session';
import { describe, expect, test } from 'vitest';
import { serve } from './serve.ts';
import { createServer } from './server.ts';

const info = { name: 'test', version: '1.0.0' };

/** Listens in this process, as a transport package would. */
class MemoryListener implements Listener {
  acceptor: Acceptor | undefined;
  options: ListenOptions | undefined;
  closes = 0;
  end: () => void = () => {};
  readonly #name: string;

  constructor(name = 'memory') {
    this.#name = name;
  }

  async listen(acceptor: Acceptor, options: ListenOptions = {}): Promise<Listening> {
    this.acceptor = acceptor;
    this.options = options;
    const closed = new Promise<void>((resolve) => (this.end = resolve));
    const close = async (): Promise<void> => {
      this.closes += 1;
      this.end();
    };
    return { describe: this.#name, closed, close };
  }

  dial(eras: ('modern' | 'legacy')[]): Promise<Client> {
    return connect(
      () => {
        const [near, far] = memoryPair();
        void this.acceptor?.link(far);
        return near;
      },
      { eras },
    );
  }
}

const refusing: Listener = { listen: () => Promise.reject(new Error('port 80 is taken')) };

describe.each(['modern', 'legacy'] as const)('serve, %s', (era) => {
  test('one server answers on all its listeners, until it is closed', async () => {
    const [one, other] = [new MemoryListener('one'), new MemoryListener('other')];
    const serving = await serve(
      createServer(info).tool('t', () => 'x'),
      one,
      other,
    );
    expect(serving.addresses).toEqual(['one', 'other']);
    expect([one.options?.alone, other.options?.alone]).toEqual([false, false]);
    const clients = [await one.dial([era]), await other.dial([era])];
    for (const client of clients)
      expect(await client.callTool('t')).toMatchObject({ content: [{ text: 'x' }] });
    await serving.close();
    await serving.closed;
    await Promise.all(clients.map(({ closed }) => closed));
    expect([one.closes, other.closes]).toEqual([1, 1]);
  });

  test('a call that runs when the server is closed gets its answer', async () => {
    const listener = new MemoryListener();
    let start = (): void => {};
    let finish: (text: string) => void = () => {};
    const started = new Promise<void>((resolve) => (start = resolve));
    const finished = new Promise<string>((resolve) => (finish = resolve));
    const server = createServer(info).tool('slow', () => (start(), finished));
    const serving = await serve(server, listener);
    const client = await listener.dial([era]);
    const call = client.callTool('slow');
    await started;
    const closing = serving.close();
    finish('done');
    expect(await call).toMatchObject({ content: [{ text: 'done' }] });
    await closing;
    await client.closed;
  });
});

test('a listener that serves alone is told so, and its end is the end', async () => {
  const listener = new MemoryListener();
  const serving = await serve(createServer(info), listener);
  expect(listener.options?.alone).toBe(true);
  listener.end();
  await serving.closed;
});

test('several listeners are over when the last one is', async () => {
  const [one, other] = [new MemoryListener(), new MemoryListener()];
  const serving = await serve(createServer(info), one, other);
  let over = false;
  void serving.closed.then(() => (over = true));
  one.end();
  await Promise.resolve();
  expect(over).toBe(false);
  other.end();
  await serving.closed;
});

test('if one cannot listen, the others are closed and its error is thrown', async () => {
  const listener = new MemoryListener();
  await expect(serve(createServer(info), listener, refusing)).rejects.toThrow('port 80 is taken');
  expect(listener.closes).toBe(1);
});

test('serving ends with its scope', async () => {
  const listener = new MemoryListener();
  {
    await using serving = await serve(createServer(info), listener);
    expect(serving.addresses).toEqual(['memory']);
  }
  expect(listener.closes).toBe(1);
});
