import { expect, test } from 'vitest';
import { backend, tool, until } from './fixtures/backend.ts';
import { ClientGroup } from './group.ts';
import { searchComponents } from './search.ts';

const TOOLS = [
  tool('readFile', { description: 'Gives the content of a file', title: 'Read' }),
  tool('send_mail', {
    description: 'Writes a letter',
    inputSchema: { type: 'object', properties: { recipient: { type: 'string' } } },
  }),
  tool('list-issues', { description: 'All open issues of a repository' }),
  tool('forecast', { description: 'The weather of tomorrow, which nobody can read' }),
];

async function found(group: ClientGroup, query: string): Promise<string[]> {
  return searchComponents(group, query).map(({ component }) => component.name);
}

test('finds tools by words of their names, descriptions and arguments, the best first', async () => {
  await using group = new ClientGroup();
  await group.connectToServers({ a: backend('a', TOOLS).dial });
  expect(await found(group, 'read a file')).toEqual([
    'readFile',
    ...(await found(group, 'read a file')).slice(1),
  ]);
  expect((await found(group, 'read'))[0]).toBe('readFile');
  expect(await found(group, 'recipient')).toEqual(['send_mail']);
  expect(await found(group, 'isues')).toEqual(['list-issues']);
  expect(await found(group, 'weath')).toEqual(['forecast']);
  expect(await found(group, 'nothing like it')).not.toContain('send_mail');
  expect(searchComponents(group, 'a', { kinds: ['prompts'] })).toEqual([]);
  expect(searchComponents(group, 'the of a', { limit: 2 }).length).toBeLessThanOrEqual(2);
});

test('finds what is new as soon as it is there', async () => {
  await using group = new ClientGroup();
  const subject = backend('a', TOOLS);
  await group.connectToServers({ a: subject.dial });
  expect(await found(group, 'zebra')).toEqual([]);
  subject.offer('zebra');
  await until(() => group.tools.has('zebra'), 'the new tool');
  expect(await found(group, 'zebra')).toEqual(['zebra']);
});
