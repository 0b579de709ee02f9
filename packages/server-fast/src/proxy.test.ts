import { ErrorCode, type ElicitRequestParams, type JsonObject } from '@trunkline/protocol';
import { connect as connectTo, type Client, type ClientOptions, type Progress } from '@trunkline/session';
import { memoryDial } from '@trunkline/transport-memory';
import { describe, expect, test } from 'vitest';
import { asCaller } from './fixtures/as-caller.ts';
import { ManualClock } from './fixtures/manual-clock.ts';
import { proxy, type ProxyOptions } from './proxy.ts';
import { createServer, type FastServer } from './server.ts';
import { connect } from './testing.ts';

const info = { name: 'test', version: '1.0.0' };
const question = (message: string): ElicitRequestParams => ({
  message,
  requestedSchema: { type: 'object', properties: { answer: { type: 'string' } } },
});

describe.each([
  ['modern', 'modern'],
  ['modern', 'legacy'],
  ['legacy', 'modern'],
  ['legacy', 'legacy'],
] as const)('a proxy that speaks %s before a server that speaks %s', (here, there) => {
  let runs = 0;
  const remote = (): FastServer<object> => {
    runs = 0;
    return createServer({ ...info, name: 'remote' })
      .tool(
        'add',
        { input: { type: 'object', properties: { a: { type: 'number' } } } },
        ({ a = 0 }) => `${a + 1}`,
      )
      .tool('ask', async (_args, { ask, once }) => {
        await once('run', () => (runs += 1));
        const first = await ask.elicit(question('a'));
        const rest = await Promise.all([ask.elicit(question('b')), ask.elicit(question('c'))]);
        return [first, ...rest].map(({ action, content }) => String(content?.['answer'] ?? action)).join('');
      })
      .tool('sample', async (_args, { ask }) => {
        const { model } = await ask.sample({ messages: [], maxTokens: 5 });
        const { roots } = await ask.roots();
        return `${model} ${roots.map(({ uri }) => uri).join()}`;
      })
      .tool('slow', async (_args, { progress, signal }) => {
        await progress(1, 2, 'half');
        await new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('stopped'))),
        );
        return 'never';
      })
      .resource('r', 'test://r', () => 'r')
      .resourceTemplate('t', 'test://t/{id}', { complete: { id: ['x', 'y'] } }, ({ id }) =>
        id === 'none' ? undefined : `t ${id}`,
      )
      .prompt('p', { arguments: { type: 'object', properties: { q: { enum: ['u', 'v'] } } } }, () => 'p');
  };
  const before = (server: FastServer<object>, options: Partial<ProxyOptions> = {}): FastServer =>
    proxy((handlers) => connectTo(memoryDial(server), { ...handlers, eras: [there] }), {
      ...info,
      ...options,
    });
  const open = (server: Parameters<typeof connect>[0], options: ClientOptions = {}): Promise<Client> =>
    connect(server, {
      eras: [here],
      onElicit: ({ message }) => ({ action: 'accept', content: { answer: message.toUpperCase() } }),
      onSample: () => ({ role: 'assistant', model: 'm', content: { type: 'text', text: 'x' } }),
      roots: [{ uri: 'file:///here' }],
      ...options,
    });
  const text = async (client: Client, tool: string, args = {}): Promise<string | undefined> => {
    const [block] = (await client.callTool(tool, args)).content;
    return block?.type === 'text' ? block.text : undefined;
  };

  test('offers what the remote server offers', async () => {
    const front = before(remote());
    await using client = await open(front);
    expect(client.serverInfo?.name).toBe('test');
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual([
      'add',
      'ask',
      'sample',
      'slow',
    ]);
    expect(await text(client, 'add', { a: 1 })).toBe('2');
    expect(await client.callTool('add', { a: 'x' })).toMatchObject({ isError: true });
    expect((await client.readResource('test://r')).contents).toMatchObject([{ text: 'r' }]);
    expect((await client.readResource('test://t/1')).contents).toMatchObject([{ text: 't 1' }]);
    await expect(client.readResource('test://t/none')).rejects.toMatchObject({
      data: { uri: 'test://t/none' },
    });
    expect((await client.getPrompt('p')).messages).toHaveLength(1);
    const { completion } = await client.complete({
      ref: { type: 'ref/resource', uri: 'test://t/{id}' },
      argument: { name: 'id', value: '' },
    });
    expect(completion.values).toEqual(['x', 'y']);
    await front.close();
  });

  test('follows what changes, also where it is mounted', async () => {
    const server = remote();
    const front = before(server);
    const outer = createServer(info)
      .tool('own', () => 'x')
      .mount(front, { prefix: 'far' });
    await using client = await open(outer);
    const listening = await client.listen({ toolsListChanged: true });
    server.tools.rename('add', 'plus');
    for await (const change of listening) {
      expect(change).toEqual({ kind: 'tools' });
      break;
    }
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('far_plus');
    expect(await text(client, 'far_plus', { a: 2 })).toBe('3');
    expect((await client.readResource('test://far/t/1')).contents).toMatchObject([
      { uri: 'test://far/t/1', text: 't 1' },
    ]);
    await front.close();
  });

  test('carries questions through, and makes the call once', async () => {
    const front = before(remote());
    await using client = await open(front);
    expect(await Promise.all([text(client, 'ask'), text(client, 'ask')])).toEqual(['ABC', 'ABC']);
    expect(runs).toBe(2);
    expect(await text(client, 'sample')).toBe('m file:///here');
    await using unwilling = await open(front, { onElicit: () => ({ action: 'decline' }) });
    expect(await text(unwilling, 'ask')).toBe('declinedeclinedecline');
    await front.close();
  });

  test('carries progress and cancellation through', async () => {
    const front = before(remote());
    await using client = await open(front);
    const giveUp = new AbortController();
    const reports: Progress[] = [];
    const call = client.callTool(
      'slow',
      {},
      {
        signal: giveUp.signal,
        onProgress: (progress) => {
          reports.push(progress);
          giveUp.abort();
        },
      },
    );
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(reports).toEqual([{ progress: 1, total: 2, message: 'half' }]);
    expect(await text(client, 'add', { a: 1 })).toBe('2');
    await front.close();
  });
});

describe('a call that waits at a legacy server for its caller', () => {
  const remote = (log: string[]): FastServer<object> =>
    createServer(info).tool('ask', async (_args, { ask, signal }) => {
      log.push('run');
      signal.addEventListener('abort', () => log.push('stopped'));
      return (await ask.elicit(question('a'))).action;
    });
  const before = (server: FastServer<object>, options: Partial<ProxyOptions> = {}): FastServer =>
    proxy((handlers) => connectTo(memoryDial(server), { ...handlers, eras: ['legacy'] }), {
      ...info,
      ...options,
    });
  const begin = (client: Client): Promise<JsonObject> =>
    client.request('tools/call', { name: 'ask' }, { inputRequired: 'return' });
  const goOn = (
    client: Client,
    { requestState = '', inputRequests = {} }: JsonObject,
  ): Promise<JsonObject> => {
    const answers = Object.keys(inputRequests as JsonObject).map((key) => [key, { action: 'decline' }]);
    return client.request('tools/call', {
      name: 'ask',
      requestState,
      inputResponses: Object.fromEntries(answers) as JsonObject,
    });
  };
  const modern = (server: Parameters<typeof connect>[0]): Promise<Client> =>
    connect(server, { eras: ['modern'], onElicit: () => ({ action: 'decline' }) });

  test('is rejoined over another link, by the same principal alone', async () => {
    const log: string[] = [];
    const front = before(remote(log));
    const as = (subject: string) => modern(asCaller(front, { clientId: 'app', subject, scopes: [] }));
    await using ada = await as('ada');
    await using again = await as('ada');
    await using bob = await as('bob');
    const round = await begin(ada);
    await expect(goOn(bob, round)).rejects.toMatchObject({ code: ErrorCode.InvalidParams });
    expect(await goOn(again, round)).toMatchObject({ content: [{ text: 'decline' }] });
    await expect(goOn(ada, round)).rejects.toMatchObject({ code: ErrorCode.InvalidParams });
    expect(log).toEqual(['run']);
    await front.close();
  });

  test('is given up in time, and then its caller is told instead of it being made again', async () => {
    const log: string[] = [];
    const clock = new ManualClock();
    const front = before(remote(log), { parkFor: 1000, clock });
    await using client = await modern(front);
    const beginning = begin(client);
    const begun: { round?: JsonObject } = {};
    void beginning.then((value) => (begun.round = value));
    while (!begun.round) {
      clock.advance(0);
      await new Promise((resolve) => setImmediate(resolve));
    }
    clock.advance(1000);
    await expect(goOn(client, begun.round)).rejects.toMatchObject({
      message: expect.stringContaining('is not made again'),
    });
    expect(log[0]).toBe('run');
    expect(log.filter((entry) => entry === 'run')).toHaveLength(1);
    await front.close();
  });

  test('is one of a bounded number, in one of a bounded number of sessions', async () => {
    const front = before(remote([]), { maxParked: 1, maxSessions: 4 });
    await using client = await modern(front);
    await begin(client);
    await expect(begin(client)).rejects.toMatchObject({ code: ErrorCode.ServerBusy });
    const crowded = before(remote([]), { maxSessions: 2 });
    await using other = await modern(crowded);
    await begin(other);
    await expect(begin(other)).rejects.toMatchObject({ code: ErrorCode.ServerBusy });
    await front.close();
    await crowded.close();
  });
});
