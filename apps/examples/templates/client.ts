import assert from 'node:assert/strict';
import { runStory } from '../run-story.ts';

await runStory({ server: new URL('server.ts', import.meta.url) }, async (client) => {
  const { resourceTemplates } = await client.listResourceTemplates();
  assert.deepEqual(
    resourceTemplates.map(({ uriTemplate }) => uriTemplate),
    ['issue://{repo}/{number}{?upper}'],
  );
  const read = async (uri: string): Promise<unknown> => (await client.readResource(uri)).contents;
  assert.deepEqual(await read('issue://engine/7'), [{ uri: 'issue://engine/7', text: 'It leaks.' }]);
  const loud = 'issue://engine/7?upper=yes';
  assert.deepEqual(await read(loud), [{ uri: loud, text: 'IT LEAKS.' }]);
  await assert.rejects(read('issue://engine/8'), { data: { uri: 'issue://engine/8' } });
  await assert.rejects(read('issue://engine/..'), { data: { uri: 'issue://engine/..' } });
  const suggest = async (name: string, value: string, known: Record<string, string>): Promise<string[]> => {
    const ref = { type: 'ref/resource', uri: 'issue://{repo}/{number}{?upper}' } as const;
    return (await client.complete({ ref, argument: { name, value }, context: { arguments: known } }))
      .completion.values;
  };
  assert.deepEqual(await suggest('repo', 'e', {}), ['engine']);
  assert.deepEqual(await suggest('number', '', { repo: 'notes' }), ['1']);
});
