import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../json.ts';
import { isProtocolError } from '../protocol-error.ts';
import { legacyForClients } from './legacy-for-clients.ts';
import { legacyForServers } from './legacy-for-servers.ts';

const legacy = { ...legacyForClients, ...legacyForServers };

const first = '2024-11-05';
const march = '2025-03-26';
const june = '2025-06-18';
const november = '2025-11-25';
const revisions = [first, march, june, november];

/** The wire forms of one result, oldest revision first. */
const forms = (method: string, result: JsonObject) =>
  revisions.map((revision) => legacy.encodeResult(method, result, { revision }));
const asked = (method: string, params: JsonObject) =>
  revisions.map((revision) => {
    try {
      return legacy.encodeInputRequest(method, params, { revision });
    } catch (error) {
      return (error as { code: number }).code;
    }
  });

const icons = [{ src: 'https://example.com/a.png' }];

describe('a legacy result', () => {
  test('has nothing that only the modern era knows', () => {
    const meta = { mine: 1, 'io.modelcontextprotocol/serverInfo': { name: 's', version: '1' } };
    const result = { resultType: 'complete', ttlMs: 1, cacheScope: 'public', tools: [], _meta: meta };
    expect(forms('tools/list', result)).toEqual(revisions.map(() => ({ tools: [], _meta: { mine: 1 } })));
    expect(
      forms('ping', { _meta: { 'io.modelcontextprotocol/serverInfo': { name: 's', version: '1' } } }),
    ).toEqual(revisions.map(() => ({})));
  });

  test('is the handler’s own object when nothing has to go, and never changes it', () => {
    const result = { content: [{ type: 'text', text: 'x' }], structuredContent: { a: 1 } };
    expect(legacy.encodeResult('tools/call', result, { revision: november })).toBe(result);
    const before = structuredClone(result);
    forms('tools/call', result);
    expect(result).toEqual(before);
  });

  test('cannot require input', () => {
    const encode = () =>
      legacy.encodeResult(
        'tools/call',
        { resultType: 'input_required', requestState: 's' },
        { revision: november },
      );
    expect(encode).toThrow('tools/call cannot be answered with input_required in 2025-11-25');
  });

  test('that is not what its method promises passes, for the peer to refuse', () => {
    expect(forms('tools/list', { tools: 'none' })).toEqual(revisions.map(() => ({ tools: 'none' })));
    expect(forms('tools/call', {})).toEqual(revisions.map(() => ({})));
  });
});

describe('structured content', () => {
  const text = { type: 'text', text: 'three' };

  test('is an object, from 2025-06-18 on', () => {
    const [one, two, three, four] = forms('tools/call', { content: [text], structuredContent: { n: 3 } });
    expect([one, two]).toEqual([{ content: [text] }, { content: [text] }]);
    expect([three, four]).toEqual([
      { content: [text], structuredContent: { n: 3 } },
      { content: [text], structuredContent: { n: 3 } },
    ]);
  });

  test.each([3, null, 'x', false, [1, 2]])(
    'of another kind (%j) is left to the text',
    (structuredContent) => {
      expect(forms('tools/call', { content: [text], structuredContent })).toEqual(
        revisions.map(() => ({ content: [text] })),
      );
    },
  );

  test('becomes text where there is none', () => {
    expect(forms('tools/call', { content: [], structuredContent: [1, { a: null }] })).toEqual(
      revisions.map(() => ({ content: [{ type: 'text', text: '[1,{"a":null}]' }] })),
    );
  });
});

describe('a tool', () => {
  const tool = {
    name: 'add',
    title: 'Add',
    icons,
    description: 'Adds',
    inputSchema: { type: 'object', properties: { a: true, b: false, c: { type: 'number' } } },
    outputSchema: { type: 'object', properties: { sum: { type: 'number' } } },
    annotations: { readOnlyHint: true },
    execution: { taskSupport: 'optional' },
    _meta: { mine: 1 },
  };
  const inputSchema = { type: 'object', properties: { a: {}, b: { not: {} }, c: { type: 'number' } } };
  const { title, description, outputSchema, annotations, execution, _meta } = tool;

  test('has the fields of the revision', () => {
    const base = { name: 'add', description, inputSchema };
    expect(forms('tools/list', { tools: [tool] }).map((wire) => wire['tools'])).toEqual([
      [base],
      [{ ...base, annotations }],
      [{ ...base, annotations, title, outputSchema, _meta }],
      [{ ...base, annotations, title, outputSchema, _meta, icons, execution }],
    ]);
  });

  test.each([{ type: 'array' }, { anyOf: [{ type: 'object' }, { type: 'null' }] }, {}])(
    'has no output schema like %j, which is not one of an object',
    (schema) => {
      const bare = { name: 'a', inputSchema: { type: 'object' } };
      expect(forms('tools/list', { tools: [{ ...bare, outputSchema: schema }] })).toEqual(
        revisions.map(() => ({ tools: [bare] })),
      );
    },
  );

  test('keeps a schema that needs no other words', () => {
    const plain = {
      name: 'a',
      inputSchema: { type: 'object', properties: { constructor: { type: 'string' } }, oneOf: [] },
    };
    expect(legacy.encodeResult('tools/list', { tools: [plain] }, { revision: june })).toEqual({
      tools: [plain],
    });
  });
});

describe('other listed things', () => {
  test('have titles from 2025-06-18 on and icons from 2025-11-25 on', () => {
    const prompt = { name: 'p', title: 'P', icons, _meta: { a: 1 }, arguments: [{ name: 'x', title: 'X' }] };
    const bare = { name: 'p', arguments: [{ name: 'x' }] };
    const { icons: _icons, ...june2025 } = prompt;
    expect(forms('prompts/list', { prompts: [prompt] }).map((wire) => wire['prompts'])).toEqual([
      [bare],
      [bare],
      [june2025],
      [prompt],
    ]);
  });

  test('have lastModified from 2025-06-18 on', () => {
    const resource = {
      name: 'r',
      uri: 'a:b',
      annotations: { priority: 1, lastModified: '2025-01-01T00:00:00Z' },
    };
    const older = { name: 'r', uri: 'a:b', annotations: { priority: 1 } };
    for (const [method, member] of [
      ['resources/list', 'resources'],
      ['resources/templates/list', 'resourceTemplates'],
    ] as const) {
      expect(forms(method, { [member]: [resource] }).map((wire) => wire[member])).toEqual([
        [older],
        [older],
        [resource],
        [resource],
      ]);
    }
  });

  test('include what a server says of itself', () => {
    const serverInfo = {
      name: 's',
      version: '1',
      title: 'S',
      description: 'd',
      websiteUrl: 'https://a',
      icons,
    };
    const wires = forms('initialize', { protocolVersion: 'x', capabilities: {}, serverInfo });
    expect(wires.map((wire) => wire['serverInfo'])).toEqual([
      { name: 's', version: '1' },
      { name: 's', version: '1' },
      { name: 's', version: '1', title: 'S' },
      serverInfo,
    ]);
  });
});

describe('content', () => {
  const contentOf = (block: JsonObject) =>
    forms('tools/call', { content: [block] }).map((wire) => (wire['content'] as JsonObject[])[0]);

  test('links to resources in words before 2025-06-18', () => {
    const link = {
      type: 'resource_link',
      uri: 'file:///a',
      name: 'a',
      title: 'A',
      description: 'first',
      icons,
    };
    const text = { type: 'text', text: 'Resource: A (first) file:///a' };
    const { icons: _icons, ...june2025 } = link;
    expect(contentOf(link)).toEqual([text, text, june2025, link]);
    expect(contentOf({ type: 'resource_link', uri: 'b:c', name: 'b' })[0]).toEqual({
      type: 'text',
      text: 'Resource: b b:c',
    });
  });

  test('is a note in place of audio in 2024-11-05', () => {
    const audio = { type: 'audio', data: 'AA==', mimeType: 'audio/wav', annotations: { priority: 0.5 } };
    expect(contentOf(audio)).toEqual([
      {
        type: 'text',
        text: '[Audio of type audio/wav, which this client cannot receive]',
        annotations: { priority: 0.5 },
      },
      audio,
      audio,
      audio,
    ]);
  });

  test('has no metadata before 2025-06-18', () => {
    const embedded = {
      type: 'resource',
      resource: { uri: 'a:b', text: '', _meta: { a: 1 } },
      _meta: { b: 1 },
    };
    const bare = { type: 'resource', resource: { uri: 'a:b', text: '' } };
    expect(contentOf(embedded)).toEqual([bare, bare, embedded, embedded]);
    const contents = { uri: 'a:b', text: '', _meta: { a: 1 } };
    expect(forms('resources/read', { contents: [contents] })[1]).toEqual({
      contents: [{ uri: 'a:b', text: '' }],
    });
  });

  test('of a prompt follows the same rules', () => {
    const message = { role: 'user', content: { type: 'audio', data: '', mimeType: 'audio/ogg' } };
    const [oldest, ...others] = forms('prompts/get', { messages: [message] });
    expect(oldest).toEqual({
      messages: [
        {
          role: 'user',
          content: { type: 'text', text: '[Audio of type audio/ogg, which this client cannot receive]' },
        },
      ],
    });
    expect(others).toEqual([{ messages: [message] }, { messages: [message] }, { messages: [message] }]);
  });
});

describe('a question to the user', () => {
  const form = (properties: JsonObject) => ({
    message: 'm',
    requestedSchema: { type: 'object', properties },
  });

  test('exists from 2025-06-18 on', () => {
    expect(asked('elicitation/create', form({}))).toEqual([-32021, -32021, form({}), form({})]);
  });

  test('offers a choice as enum and enumNames in 2025-06-18', () => {
    const options = [
      { const: 'r', title: 'Red' },
      { const: 'g', title: 'Green' },
    ];
    const fields = {
      one: { type: 'string', title: 'One', oneOf: options, default: 'r' },
      plain: { type: 'string', enum: ['r', 'g'], default: 'g' },
      several: { type: 'array', description: 'd', items: { anyOf: options }, minItems: 1 },
      untitled: { type: 'array', items: { type: 'string', enum: ['a', 'b'] } },
      text: { type: 'string', default: 'x', maxLength: 5 },
      yes: { type: 'boolean', default: true },
    };
    const params = { mode: 'form', ...form(fields), task: {} };
    const names = { enum: ['r', 'g'], enumNames: ['Red', 'Green'] };
    expect(asked('elicitation/create', params).slice(2)).toEqual([
      form({
        one: { type: 'string', title: 'One', ...names },
        plain: { type: 'string', enum: ['r', 'g'] },
        several: { type: 'string', description: 'd', ...names },
        untitled: { type: 'string', enum: ['a', 'b'] },
        text: { type: 'string', maxLength: 5 },
        yes: { type: 'boolean', default: true },
      }),
      params,
    ]);
  });

  test('opens a URL in 2025-11-25 only, under an id that is never missing', () => {
    const byUrl = { mode: 'url', message: 'm', url: 'https://example.com' };
    const [one, two, three, four] = asked('elicitation/create', byUrl);
    expect([one, two, three]).toEqual([-32021, -32021, -32021]);
    expect(four).toEqual({ ...byUrl, elicitationId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(asked('elicitation/create', { ...byUrl, elicitationId: 'mine' })[3]).toEqual({
      ...byUrl,
      elicitationId: 'mine',
    });
  });
});

describe('a request to the model', () => {
  const image = { type: 'image', data: '', mimeType: 'image/png' };
  const text = { type: 'text', text: 'hi' };

  test('has one piece of content in a message before 2025-11-25', () => {
    const params = { maxTokens: 1, messages: [{ role: 'user', content: [text, image], _meta: { a: 1 } }] };
    const split = {
      maxTokens: 1,
      messages: [
        { role: 'user', content: text },
        { role: 'user', content: image },
      ],
    };
    expect(asked('sampling/createMessage', params)).toEqual([split, split, split, params]);
  });

  test('cannot offer tools before 2025-11-25', () => {
    const tools = [{ name: 'a', inputSchema: { type: 'object' } }];
    expect(asked('sampling/createMessage', { maxTokens: 1, messages: [], tools })).toEqual([
      -32021,
      -32021,
      -32021,
      { maxTokens: 1, messages: [], tools },
    ]);
    const used = { role: 'assistant', content: { type: 'tool_use', id: '1', name: 'a', input: {} } };
    expect(asked('sampling/createMessage', { maxTokens: 1, messages: [used] }).slice(0, 3)).toEqual([
      -32021, -32021, -32021,
    ]);
  });

  test('leaves structured content that is no object to the text', () => {
    const block = { type: 'tool_result', toolUseId: '1', content: [], structuredContent: [1] };
    const [, , , november2025] = asked('sampling/createMessage', {
      maxTokens: 1,
      messages: [{ role: 'user', content: [block] }],
    });
    expect(november2025).toEqual({
      maxTokens: 1,
      messages: [
        {
          role: 'user',
          content: [{ type: 'tool_result', toolUseId: '1', content: [{ type: 'text', text: '[1]' }] }],
        },
      ],
    });
  });

  test('is answered with one piece of content before 2025-11-25', () => {
    const answered = (content: JsonObject[]) =>
      forms('sampling/createMessage', { role: 'assistant', model: 'm', content }).map(
        (wire) => wire['content'],
      );
    const both = { type: 'text', text: 'hi\nhi' };
    expect(answered([text, text])).toEqual([both, both, both, [text, text]]);
    expect(answered([image, text])).toEqual([image, image, image, [image, text]]);
    expect(answered([{ type: 'tool_use', id: '1', name: 'a', input: {} }, image])[0]).toEqual(image);
    const nothing = { type: 'text', text: '' };
    expect(answered([])).toEqual([nothing, nothing, nothing, []]);
  });
});

describe('legacy params', () => {
  const encode = (method: string, params: JsonObject | undefined) =>
    revisions.map((revision) => legacy.encodeParams(method, params, { revision, clientCapabilities: {} }));

  test('carry no envelope and nothing of a repeated request', () => {
    const params = { name: 'a', inputResponses: {}, requestState: 's', _meta: { progressToken: 1 } };
    expect(encode('tools/call', params)).toEqual(
      revisions.map(() => ({ name: 'a', _meta: { progressToken: 1 } })),
    );
    expect(encode('tools/list', undefined)).toEqual(revisions.map(() => undefined));
  });

  test('ask for a task in 2025-11-25 only', () => {
    expect(encode('tools/call', { name: 'a', task: {} })).toEqual([
      { name: 'a' },
      { name: 'a' },
      { name: 'a' },
      { name: 'a', task: {} },
    ]);
  });

  test('say of the client, and of what is to be completed, what the revision knows', () => {
    const clientInfo = { name: 'c', version: '1', title: 'C', icons };
    expect(encode('initialize', { clientInfo }).map((params) => params?.['clientInfo'])).toEqual([
      { name: 'c', version: '1' },
      { name: 'c', version: '1' },
      { name: 'c', version: '1', title: 'C' },
      clientInfo,
    ]);
    const known = { ref: { type: 'ref/prompt', name: 'p' }, argument: { name: 'a', value: '' } };
    const completion = { ...known, ref: { ...known.ref, title: 'P' }, context: { arguments: {} } };
    expect(encode('completion/complete', completion)).toEqual([known, known, completion, completion]);
  });

  test('never hold an envelope, whatever they look like', () => {
    expect(
      legacy.decodeEnvelope({ _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } }),
    ).toBeUndefined();
  });
});

describe('a legacy answer', () => {
  test('is complete, whatever it calls itself', () => {
    expect(legacy.decodeResult('tools/call', { content: [], resultType: 'x' })).toEqual({
      kind: 'complete',
      result: { content: [] },
    });
  });

  test('may be a task of 2025-11-25', () => {
    const task = { taskId: 't', status: 'working' };
    expect(legacy.decodeResult('tools/call', { task })).toEqual({
      kind: 'extension',
      resultType: 'task',
      result: { task },
    });
    expect(legacy.decodeResult('tools/call', { task, content: [] })).toMatchObject({ kind: 'complete' });
  });

  test.each<[string, JsonObject]>([
    ['tools/call', {}],
    ['initialize', { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'x' } }],
    ['initialize', { protocolVersion: 20251125, capabilities: {}, serverInfo: { name: 'x', version: '1' } }],
    ['elicitation/create', { content: {} }],
    ['sampling/createMessage', { role: 'assistant', model: 'm' }],
    ['roots/list', { roots: [{}] }],
  ])('to %s without its shape is refused: %j', (method, wire) => {
    let thrown: unknown;
    try {
      legacy.decodeResult(method, wire);
    } catch (error) {
      thrown = error;
    }
    expect(isProtocolError(thrown)).toBe(true);
    expect(thrown).toMatchObject({ code: 'unexpected-shape', message: expect.stringContaining(method) });
  });

  test.each<[string, JsonObject]>([
    ['initialize', { protocolVersion: '1', capabilities: {}, serverInfo: { name: 'x', version: '1' } }],
    ['elicitation/create', { action: 'accept', content: {} }],
    ['sampling/createMessage', { role: 'assistant', model: 'm', content: { type: 'text', text: '' } }],
    ['sampling/createMessage', { role: 'assistant', model: 'm', content: [{ type: 'text', text: '' }] }],
    ['roots/list', { roots: [{ uri: 'file:///a' }] }],
    ['ping', {}],
  ])('to %s with its shape is taken: %j', (method, result) => {
    expect(legacy.decodeResult(method, result)).toEqual({ kind: 'complete', result });
  });
});

describe('a legacy error', () => {
  const codes = (code: number) =>
    revisions.map((revision) => legacy.encodeError({ code, message: 'm' }, { revision }).code);

  test('has a code that the revision knows', () => {
    expect(codes(-32002)).toEqual([-32002, -32002, -32002, -32002]);
    expect(codes(-32042)).toEqual([-32603, -32603, -32603, -32042]);
    expect(codes(-32020)).toEqual([-32600, -32600, -32600, -32600]);
    expect(codes(-32021)).toEqual([-32600, -32600, -32600, -32600]);
    expect(codes(-32022)).toEqual([-32602, -32602, -32602, -32602]);
    expect(codes(-1)).toEqual([-1, -1, -1, -1]);
  });
});
