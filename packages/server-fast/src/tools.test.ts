import { ErrorCode, type JsonObject, type JsonValue } from '@trunkline/protocol';
import type { Client, ClientOptions } from '@trunkline/session';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createServer } from './server.ts';
import { connect } from './testing.ts';
import { ToolError } from './tool-error.ts';

const info = { name: 'test', version: '1.0.0' };
const numbers = {
  type: 'object',
  properties: { a: { type: 'number' }, b: { type: 'number' } },
  required: ['a', 'b'],
} as const;

describe.each(['modern', 'legacy'] as const)('tools, %s', (era) => {
  const open = (server: Parameters<typeof connect>[0], options: ClientOptions = {}): Promise<Client> =>
    connect(server, { eras: [era], ...options });

  test('a tool is listed with its schemas and called with typed arguments', async () => {
    const server = createServer(info).tool(
      'add',
      {
        title: 'Addition',
        description: 'Adds two numbers.',
        annotations: { readOnlyHint: true },
        input: numbers,
        output: { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] },
      },
      ({ a, b }) => ({ sum: a + b }),
    );
    await using client = await open(server);
    expect((await client.listTools()).tools).toEqual([
      {
        name: 'add',
        title: 'Addition',
        description: 'Adds two numbers.',
        annotations: { readOnlyHint: true },
        inputSchema: numbers,
        outputSchema: { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] },
      },
    ]);
    const { content, structuredContent, isError } = await client.callTool('add', { a: 1, b: 2 });
    expect({ content, structuredContent, isError }).toEqual({
      content: [{ type: 'text', text: '{"sum":3}' }],
      structuredContent: { sum: 3 },
      isError: undefined,
    });
  });

  test('a tool without options takes no arguments', async () => {
    await using client = await open(createServer(info).tool('hello', () => 'hi'));
    expect((await client.listTools()).tools).toEqual([
      { name: 'hello', inputSchema: { type: 'object', additionalProperties: false } },
    ]);
    expect((await client.callTool('hello')).content).toEqual([{ type: 'text', text: 'hi' }]);
    const refused = await client.callTool('hello', { loud: true });
    expect(refused).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('loud: is not allowed') }],
    });
  });

  test.each<[what: string, returned: unknown, result: JsonObject]>([
    ['a text', 'hi', { content: [{ type: 'text', text: 'hi' }] }],
    [
      'a block',
      { type: 'image', data: 'AA==', mimeType: 'image/png' },
      { content: [{ type: 'image', data: 'AA==', mimeType: 'image/png' }] },
    ],
    [
      'blocks',
      [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
      {
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
    ],
    ['no blocks', [], { content: [] }],
    ['an object', { a: 1 }, { content: [{ type: 'text', text: '{"a":1}' }], structuredContent: { a: 1 } }],
    ['a number', 42, { content: [{ type: 'text', text: '42' }] }],
    ['null', null, { content: [{ type: 'text', text: 'null' }] }],
    ['a date', new Date(0), { content: [{ type: 'text', text: '"1970-01-01T00:00:00.000Z"' }] }],
    [
      'a whole result',
      { content: [{ type: 'text', text: 'x' }], isError: true },
      { content: [{ type: 'text', text: 'x' }], isError: true },
    ],
    [
      'an object with a member like a result',
      { content: 'x' },
      { content: [{ type: 'text', text: '{"content":"x"}' }], structuredContent: { content: 'x' } },
    ],
  ])('a handler may return %s', async (_what, returned, result) => {
    for (const value of [returned, Promise.resolve(returned)]) {
      await using client = await open(createServer(info).tool('t', () => value as object));
      expect(await client.callTool('t')).toMatchObject(result);
    }
  });

  test('wrong arguments are told to the model, with the path and what was expected', async () => {
    const handled: unknown[] = [];
    const server = createServer(info)
      .tool('plain', { input: numbers }, (args) => (handled.push(args), 'done'))
      .tool(
        'zod',
        { input: z.object({ list: z.array(z.object({ n: z.number() })) }) },
        (args) => (handled.push(args), 'done'),
      );
    await using client = await open(server);
    const text = async (name: string, args: object): Promise<string> => {
      const { content, isError } = await client.callTool(name, args);
      expect(isError).toBe(true);
      return content.map((block) => (block.type === 'text' ? block.text : '')).join();
    };
    expect(await text('plain', { a: '1', b: {} })).toBe(
      'Invalid arguments for plain:\n- a: expected number, got string\n- b: expected number, got object',
    );
    expect(await text('plain', { a: 1 })).toContain('required property "b"');
    expect(await text('zod', { list: [{ n: 1 }, { n: 'x' }] })).toMatch(/- list\[1\]\.n: .*expected number/);
    expect(handled).toEqual([]);
  });

  test('a library that validates asynchronously is waited for', async () => {
    const input = z.object({ name: z.string().refine(async (name) => name !== 'taken', 'is taken') });
    await using client = await open(
      createServer(info).tool('claim', { input }, ({ name }) => `yours, ${name}`),
    );
    expect(await client.callTool('claim', { name: 'free' })).toMatchObject({
      content: [{ text: 'yours, free' }],
    });
    expect(await client.callTool('claim', { name: 'taken' })).toMatchObject({
      isError: true,
      content: [{ text: 'Invalid arguments for claim:\n- name: is taken' }],
    });
  });

  test('defaults and conversions of a schema reach the handler', async () => {
    const input = z.object({ n: z.coerce.number().default(7) });
    await using client = await open(createServer(info).tool('n', { input }, ({ n }) => ({ n })));
    expect((await client.callTool('n', {})).structuredContent).toEqual({ n: 7 });
    expect((await client.callTool('n', { n: '8' })).structuredContent).toEqual({ n: 8 });
  });

  test('arguments that are no object, unknown tools and names that are none are errors of the request', async () => {
    await using client = await open(createServer(info).tool('echo', () => 'x'));
    const call = (params: JsonObject): Promise<JsonObject> => client.request('tools/call', params);
    for (const args of [[], 'x', 5] as JsonValue[])
      await expect(call({ name: 'echo', arguments: args })).rejects.toMatchObject({
        code: ErrorCode.InvalidParams,
      });
    for (const name of ['nope', '__proto__', 'constructor', 'toString', 5, null, {}] as JsonValue[])
      await expect(call({ name, arguments: {} })).rejects.toMatchObject({ code: ErrorCode.InvalidParams });
    await expect(call({ name: 'nope' })).rejects.toThrow('Unknown tool: nope');
    expect(await call({ name: 'echo' })).toMatchObject({ content: [{ text: 'x' }] });
  });

  test('a tool may be called like something that every object has', async () => {
    const server = createServer(info);
    for (const name of ['constructor', '__proto__', 'hasOwnProperty'])
      server.tool(name, () => `I am ${name}`);
    await using client = await open(server);
    for (const name of ['constructor', '__proto__', 'hasOwnProperty'])
      expect(await client.callTool(name)).toMatchObject({ content: [{ text: `I am ${name}` }] });
  });

  test('a ToolError is for the model, whatever else is thrown is for onError only', async () => {
    const heard: unknown[] = [];
    const secret = new Error('password is 1234');
    const strange = new Proxy(
      {},
      {
        get: () => {
          throw secret;
        },
        has: () => {
          throw secret;
        },
      },
    );
    const server = createServer({ ...info, onError: (error) => heard.push(error) })
      .tool('kind', () => {
        throw new ToolError('No such city: Atlantis');
      })
      .tool('kind-later', async () => {
        throw new ToolError('later', {
          content: [{ type: 'text', text: 'try Rome' }],
          structuredContent: { hint: 'Rome' },
        });
      })
      .tool('secret', () => {
        throw secret;
      })
      .tool('secret-later', async () => {
        throw secret;
      })
      .tool('null', () => {
        // oxlint-disable-next-line typescript/only-throw-error -- a handler may throw anything
        throw null as never;
      })
      .tool('strange', async () => {
        // oxlint-disable-next-line typescript/only-throw-error -- a handler may throw anything
        throw strange as never;
      });
    await using client = await open(server);
    expect(await client.callTool('kind')).toMatchObject({
      isError: true,
      content: [{ type: 'text', text: 'No such city: Atlantis' }],
    });
    expect(await client.callTool('kind-later')).toMatchObject({
      isError: true,
      content: [{ text: 'try Rome' }],
      structuredContent: { hint: 'Rome' },
    });
    for (const name of ['secret', 'secret-later', 'null', 'strange']) {
      const error: unknown = await client.callTool(name).catch((cause: unknown) => cause);
      expect(error).toMatchObject({
        code: ErrorCode.InternalError,
        reason: 'Internal error',
        data: undefined,
      });
    }
    expect(heard).toHaveLength(4);
    expect(heard.slice(0, 3)).toEqual([secret, secret, null]);
    expect(await client.callTool('kind')).toMatchObject({ isError: true });
  });

  test.each<[what: string, make: () => unknown]>([
    ['undefined', () => undefined],
    ['a function', () => () => {}],
    ['a BigInt', () => ({ n: 1n })],
    [
      'a cycle',
      () => {
        const value: Record<string, unknown> = {};
        value['self'] = value;
        return value;
      },
    ],
    ['5,000 levels', () => Array.from({ length: 5_000 }).reduce((inner: unknown) => ({ inner }), {})],
    ['a BigInt in a whole result', () => ({ content: [{ type: 'text', text: 'x', n: 1n }] })],
  ])('%s is no result: that call fails, the next one works', async (_what, make) => {
    const heard: unknown[] = [];
    for (const output of [undefined, { type: 'object' }] as const) {
      const server = createServer({ ...info, onError: (error) => heard.push(error) })
        .tool('bad', output ? { output } : {}, () => make() as never)
        .tool('good', () => 'fine');
      await using client = await open(server);
      await expect(client.callTool('bad')).rejects.toMatchObject({
        code: ErrorCode.InternalError,
        reason: 'Internal error',
      });
      expect(await client.callTool('good')).toMatchObject({ content: [{ text: 'fine' }] });
    }
    expect(heard).toHaveLength(2);
  });

  test('what an output schema does not allow never reaches the client', async () => {
    const heard: Error[] = [];
    const output = z.object({ sum: z.number() });
    const server = createServer({ ...info, onError: (error) => heard.push(error as Error) })
      .tool('wrong', { output }, () => ({ sum: 'three' }) as never)
      .tool('extra', { output }, () => ({ sum: 3, secret: 'x' }))
      .tool('whole', { output }, () => ({
        content: [{ type: 'text', text: 'three' }],
        structuredContent: { sum: 3 },
      }))
      .tool('failed', { output }, () => ({ content: [{ type: 'text', text: 'no' }], isError: true }))
      .tool('partly', { output: { type: 'object', properties: { at: { type: 'string' } } } }, () => ({
        at: undefined as never,
      }));
    await using client = await open(server);
    await expect(client.callTool('wrong')).rejects.toMatchObject({ code: ErrorCode.InternalError });
    expect(heard[0]?.message).toMatch(
      /^bad-result: tool "wrong" returned what its output schema does not allow:\n- sum: /,
    );
    expect((await client.callTool('extra')).structuredContent).toEqual({ sum: 3 });
    expect(await client.callTool('whole')).toMatchObject({
      content: [{ text: 'three' }],
      structuredContent: { sum: 3 },
    });
    expect(await client.callTool('failed')).toMatchObject({ isError: true, content: [{ text: 'no' }] });
    expect((await client.callTool('partly')).structuredContent).toEqual({});
  });

  test('structured content may be any JSON, of which a legacy client gets the text', async () => {
    const server = createServer(info).tool('list', { output: z.array(z.number()) }, () => [1, 2]);
    await using client = await open(server);
    const { content, structuredContent } = await client.callTool('list');
    expect(content).toEqual([{ type: 'text', text: '[1,2]' }]);
    expect(structuredContent).toEqual(era === 'modern' ? [1, 2] : undefined);
    expect((await client.listTools()).tools[0]?.outputSchema?.['type']).toBe(
      era === 'modern' ? 'array' : undefined,
    );
  });

  test('a handler asks, reports and is told to stop', async () => {
    const progress: unknown[] = [];
    const server = createServer(info).tool('greet', async (_args, context) => {
      await context.progress(1, 2);
      const { content } = await context.ask.elicit({
        message: 'Name?',
        requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
      });
      return `hi ${String(content?.['name'])}`;
    });
    await using client = await open(server, {
      onElicit: () => ({ action: 'accept', content: { name: 'ada' } }),
    });
    const result = await client.callTool(
      'greet',
      {},
      { onProgress: ({ progress: done }) => progress.push(done) },
    );
    expect(result).toMatchObject({ content: [{ text: 'hi ada' }] });
    expect(progress).toEqual([1]);
  });

  test('the cost of a regular expression that strangers may use is bounded', async () => {
    const server = createServer(info);
    const unsafe = { type: 'object', properties: { s: { type: 'string', pattern: '^(a+)+$' } } } as const;
    expect(() => server.tool('regex', { input: unsafe }, () => 'x')).toThrow(
      /unsafe-pattern: tool "regex", input: .*exponential/,
    );
    server.tool(
      'slow',
      { input: { type: 'object', properties: { s: { type: 'string', pattern: 'a+a+b' } } } },
      () => 'x',
    );
    await using client = await open(server);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['slow']);
    const refused = await client.callTool('slow', { s: `${'a'.repeat(50_000)}!` });
    expect(refused).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('50001 > 10000') }],
    });
  });
});
