import { Client as Client2, StreamableHTTPClientTransport as Http2 } from '@modelcontextprotocol/client';
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as Http1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema, ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, test } from 'vitest';
import { FACES, open, signalled, within } from './harness.ts';
import { TestServer, text } from './test-server.ts';

const INFO = { name: 'official', version: '1' };
const CAPABILITIES = { capabilities: { elicitation: {} } };

function makeServer(): TestServer {
  return new TestServer()
    .tool('talk', async (_args, context) => {
      await context.progress(1, 2);
      return text('done');
    })
    .tool('ask', async (_args, { ask }) => {
      const { content } = await ask.elicit({
        message: 'Name?',
        requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
      });
      return text(`hi ${String(content?.['name'])}`);
    })
    .tool('poll', async (_args, context) => {
      await context.progress(1);
      context.detach({ retryMs: 10 });
      await new Promise((resolve) => setImmediate(resolve));
      return text('polled');
    });
}

describe.each(FACES)('the official clients through the %s face', (face) => {
  test.each([{}, { answers: 'stream' }, { sessions: false }] as const)(
    '1.x, where the server is told %j',
    async (legacy) => {
      const server = makeServer();
      await using opened = await open(face, server, { legacy });
      const client = new Client1(INFO, CAPABILITIES);
      const changed = signalled();
      client.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: { name: 'ada' } }));
      client.setNotificationHandler(ToolListChangedNotificationSchema, () => changed.fire());
      const transport = new Http1(new URL(opened.url));
      await client.connect(transport);
      expect((await client.listTools()).tools).toEqual([]);
      expect((await client.callTool({ name: 'x' })).content).toEqual([{ type: 'text', text: 'hi x' }]);
      const progress: number[] = [];
      const talked = await client.callTool({ name: 'talk' }, undefined, {
        onprogress: (report) => progress.push(report.progress),
      });
      expect([talked.content, progress]).toEqual([[{ type: 'text', text: 'done' }], [1]]);
      if (!('sessions' in legacy)) {
        expect((await client.callTool({ name: 'ask' })).content).toEqual([{ type: 'text', text: 'hi ada' }]);
        const polled = await within(client.callTool({ name: 'poll' }, undefined, { onprogress: () => {} }));
        expect(polled.content).toEqual([{ type: 'text', text: 'polled' }]);
        server.changed({ kind: 'tools' });
        await within(changed.promise, 'the news of a changed list');
        await transport.terminateSession();
      }
      await client.close();
      expect(server.errors).toEqual([]);
    },
  );

  test.each(['modern', 'legacy'] as const)('2.x in the %s era', async (era) => {
    const server = makeServer();
    await using opened = await open(face, server);
    const mode = era === 'modern' ? { pin: '2026-07-28' } : era;
    const client = new Client2(INFO, { ...CAPABILITIES, versionNegotiation: { mode } });
    client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { name: 'ada' } }));
    await client.connect(new Http2(new URL(opened.url)));
    expect(client.getProtocolEra()).toBe(era);
    expect((await client.callTool({ name: 'x' })).content).toEqual([{ type: 'text', text: 'hi x' }]);
    const progress: number[] = [];
    await client.callTool({ name: 'talk' }, { onprogress: (report) => progress.push(report.progress) });
    expect(progress).toEqual([1]);
    expect((await client.callTool({ name: 'ask' })).content).toEqual([{ type: 'text', text: 'hi ada' }]);
    await client.close();
    expect(server.errors).toEqual([]);
  });
});
