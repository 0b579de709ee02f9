import assert from 'node:assert/strict';
import { runStory } from '../run-story.ts';

await runStory({ server: new URL('server.ts', import.meta.url) }, async (client) => {
  const count = async (): Promise<unknown> => (await client.callTool('count')).content;
  assert.deepEqual(await count(), [{ type: 'text', text: 'Hello, call 1.' }]);
  assert.deepEqual(await count(), [{ type: 'text', text: 'Hello, call 2.' }]);
  const [pixel] = (await client.callTool('pixel')).content;
  assert.equal(pixel?.type === 'image' && pixel.mimeType, 'image/png');
  await count();
  await assert.rejects(count(), { code: 429 });
});
