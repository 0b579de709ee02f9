import { portListener } from '@trunkline/http-host/node';
import type { Acceptor } from '@trunkline/transport';
import { expect, test } from 'vitest';
import { sseClient } from '../client/sse-client.ts';
import { echo, recorder, request } from '../fixtures/recorder.ts';
import { rejection, within } from '../fixtures/within.ts';
import { runSse, sse } from './sse.ts';

const echoing: Acceptor = { exchange: () => {}, link: (transport) => transport.start(echo()) };

async function call(url: string): Promise<unknown> {
  const link = sseClient(url)();
  const heard = recorder();
  await link.start(heard);
  await link.send(request(1, { text: 'hi' }));
  await heard.count(1);
  await link.close();
  const [answer] = heard.messages;
  return answer && 'result' in answer ? answer.result : undefined;
}

test('a port of its own, with paths of its own', async () => {
  const listener = await sse({ path: '/stream', messages: '/in' }).listen(echoing);
  expect(listener.describe).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/stream$/);
  expect(await call(listener.describe)).toEqual({ text: 'hi' });
  expect((await fetch(new URL('/prefix/stream', listener.describe))).status).toBe(404);
  await listener.close();
  expect(await rejection(sseClient(listener.describe)().start(recorder()))).toMatchObject({
    name: 'TransportError',
  });
});

test('the port of another listener', async () => {
  const listener = await portListener([sse(), sse({ path: '/b/sse', messages: '/b/messages' })]).listen(
    echoing,
  );
  const { origin } = new URL(listener.describe);
  for (const path of ['/sse', '/b/sse']) expect(await call(origin + path)).toEqual({ text: 'hi' });
  await listener.close();
});

test('binding beyond loopback needs allowedHosts', () => {
  expect(() => sse({ host: '0.0.0.0' })).toThrow(/allowedHosts/);
  expect(() => sse({ host: '0.0.0.0', security: { allowedHosts: ['mcp.example'] } })).not.toThrow();
});

test('a signal ends it', async () => {
  const stop = new AbortController();
  const listener = await sse().listen(echoing, { signal: stop.signal });
  const link = sseClient(listener.describe)();
  await link.start(recorder());
  stop.abort();
  expect(await within(link.closed, 'the end of the link')).toMatchObject({ cause: { code: 'stream-ended' } });
  await within(listener.closed, 'the end of the listener');
});

test('runSse serves until it is told to stop, and closes the server', async () => {
  let closes = 0;
  let onLink = (): void => {};
  const linked = new Promise<void>((resolve) => (onLink = resolve));
  const probe = await sse().listen(echoing);
  const port = Number(new URL(probe.describe).port);
  await probe.close();
  const running = runSse(
    {
      exchange: () => {},
      link: (transport) => transport.start(echo()).then(onLink),
      close: async () => void (closes += 1),
    },
    { port },
  );
  const link = sseClient(`http://127.0.0.1:${port}/sse`)();
  await link.start(recorder());
  await within(linked, 'the link');
  process.emit('SIGTERM');
  await within(running, 'runSse');
  expect(closes).toBe(1);
  await within(link.closed, 'the end of the link');
});
