import assert from 'node:assert/strict';
import { runStory } from '../run-story.ts';

const asked: string[] = [];

await runStory(
  {
    server: new URL('server.ts', import.meta.url),
    onElicit: ({ message }) => {
      asked.push(message);
      return { action: 'accept', content: { answer: 'x' } };
    },
  },
  async (client) => {
    assert.equal(client.serverInfo?.name, 'front');
    const { structuredContent } = await client.callTool('order', { item: 'tea' });
    assert.deepEqual(structuredContent, { text: 'tea in x for x, x', orders: 1 });
    assert.deepEqual(asked, ['Which size of tea?', 'Your name?', 'Your street?']);
  },
);
