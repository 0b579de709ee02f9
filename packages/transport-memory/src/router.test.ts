import { expect, test } from 'vitest';
import { isRequest, type JsonRpcMessage } from '@trunkline/protocol';
import type { Acceptor, Transport } from '@trunkline/transport';
import { memoryDial } from './router.ts';

test('each dial gives the acceptor a link of its own', async () => {
  const links: Transport[] = [];
  const dial = memoryDial(
    acceptor(async (link) => {
      links.push(link);
      const name = `link ${links.length}`;
      await link.start({
        message(message, exchange) {
          if (isRequest(message)) void exchange.send({ jsonrpc: '2.0', id: message.id, result: { name } });
        },
      });
    }),
  );
  const clients = [dial(), dial()];
  const answers: JsonRpcMessage[] = [];
  for (const client of clients) {
    const answer = new Promise<JsonRpcMessage>((resolve) => void client.start({ message: resolve }));
    await client.send({ jsonrpc: '2.0', id: 1, method: 'm' });
    answers.push(await answer);
  }
  expect(answers.map((answer) => 'result' in answer && answer.result['name'])).toEqual(['link 1', 'link 2']);
  for (const client of clients) await client.close();
  expect(await Promise.all(links.map((link) => link.closed))).toEqual([{ by: 'remote' }, { by: 'remote' }]);
});

test('an acceptor that rejects the link closes it', async () => {
  const client = memoryDial(acceptor(() => Promise.reject(new Error('too many'))))();
  await client.start({ message: () => undefined });
  await expect(client.closed).resolves.toEqual({ by: 'remote' });
});

function acceptor(link: Acceptor['link']): Acceptor {
  return {
    exchange() {
      throw new Error('a memory link has no self-contained messages');
    },
    link,
  };
}
