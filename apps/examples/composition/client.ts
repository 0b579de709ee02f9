import assert from 'node:assert/strict';
import { typedClient } from '@trunkline/server-fast/client';
import { runStory } from '../run-story.ts';
import type { server } from './server.ts';

await runStory({ server: new URL('server.ts', import.meta.url) }, async (client) => {
  assert.equal(typedClient<typeof server>(client).client, client);
  const names = async (): Promise<string[]> => (await client.listTools()).tools.map(({ name }) => name);
  assert.deepEqual(await names(), ['count', 'extend', 'calc_add']);
  assert.deepEqual((await client.callTool('calc_add', { a: 1 })).structuredContent, { sum: 11 });
  await assert.rejects(client.callTool('calc_reset'), /Unknown tool: calc_reset/);

  const heard: number[] = [];
  const counted = await client.callTool('count', {}, { onProgress: ({ progress }) => heard.push(progress) });
  assert.deepEqual(
    counted.content.map((block) => block.type === 'text' && block.text),
    ['one', 'two', 'three'],
  );
  assert.equal(heard.at(-1), 3);

  const listening = await client.listen({ toolsListChanged: true });
  await client.callTool('extend');
  for await (const change of listening) {
    assert.deepEqual(change, { kind: 'tools' });
    break;
  }
  assert.deepEqual(await names(), ['count', 'extend', 'calc_add', 'calc_double']);
  const { contents } = await client.readResource('desk://log');
  assert.deepEqual(contents, [{ uri: 'desk://log', text: 'calc_add done\ncount done\nextend done' }]);
});
