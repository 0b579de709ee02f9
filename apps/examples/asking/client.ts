import assert from 'node:assert/strict';
import { runStory } from '../run-story.ts';

let willing = true;
const answers: Record<string, string> = {
  'Which size of tea?': 'large',
  'Your name?': 'Ada',
  'Your street?': 'Main St',
};

await runStory(
  {
    server: new URL('server.ts', import.meta.url),
    onElicit: ({ message }) =>
      willing ? { action: 'accept', content: { answer: answers[message] ?? '' } } : { action: 'decline' },
  },
  async (client) => {
    const { structuredContent } = await client.callTool('order', { item: 'tea' });
    assert.deepEqual(structuredContent, { text: 'tea in large for Ada, Main St', orders: 1 });
    willing = false;
    const refused = await client.callTool('order', { item: 'tea' });
    assert.equal(refused.isError, true);
    assert.deepEqual(refused.content, [{ type: 'text', text: 'Nothing was ordered.' }]);
  },
);
