import {
  createContextKey,
  INVALID_SPAN_CONTEXT,
  propagation,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context as TraceContext,
  type Meter,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { ErrorCode, RemoteError } from '@trunkline/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { telemetry } from './opentelemetry.ts';
import { createServer } from './server.ts';
import { connect } from './testing.ts';
import { ToolError } from './tool-error.ts';

interface Recorded {
  readonly name: string;
  readonly attributes: Attributes;
  readonly parent: string | undefined;
  status?: number;
  ended?: boolean;
}

/** A tracer and a meter that remember what they were told. */
function recording(): { spans: Recorded[]; durations: Attributes[]; tracer: Tracer; meter: Meter } {
  const spans: Recorded[] = [];
  const durations: Attributes[] = [];
  const tracer = {
    startActiveSpan(
      name: string,
      { attributes }: { attributes: Attributes },
      parent: TraceContext,
      run: (span: Span) => unknown,
    ) {
      const recorded: Recorded = {
        name,
        attributes: { ...attributes },
        parent: trace.getSpanContext(parent)?.traceId,
      };
      spans.push(recorded);
      const span: Partial<Span> = {
        setStatus: ({ code }) => ((recorded.status = code), span as Span),
        setAttribute: (key, value) => ((recorded.attributes[key] = value), span as Span),
        setAttributes: (more) => (Object.assign(recorded.attributes, more), span as Span),
        end: () => void (recorded.ended = true),
      };
      return run(span as Span);
    },
  };
  const meter = {
    createHistogram: () => ({
      record: (seconds: number, attributes: Attributes) => (
        expect(seconds).toBeGreaterThanOrEqual(0),
        durations.push(attributes)
      ),
    }),
  };
  return { spans, durations, tracer: tracer as unknown as Tracer, meter: meter as unknown as Meter };
}

const KEY = createContextKey('unused');

beforeEach(() => {
  propagation.setGlobalPropagator({
    inject: () => {},
    fields: () => ['traceparent'],
    extract(context, carrier, getter) {
      const header = getter.get(carrier, 'traceparent');
      const [, traceId] = String(header ?? '').split('-');
      return traceId
        ? trace.setSpanContext(context.setValue(KEY, 1), { ...INVALID_SPAN_CONTEXT, traceId })
        : context;
    },
  });
});

afterEach(() => propagation.disable());

describe.each(['modern', 'legacy'] as const)('telemetry, %s', (era) => {
  test('has a span and a duration for each call, below the one of the client', async () => {
    const { spans, durations, tracer, meter } = recording();
    const server = createServer({ name: 'test', version: '1' })
      .use(telemetry({ tracer, meter }))
      .tool('good', () => 'x')
      .tool('told', () => {
        throw new ToolError('no');
      })
      .tool('broken', () => {
        throw new TypeError('secret');
      })
      .tool('ask', async (_args, { ask }) => (await ask.roots()).roots.length)
      .resource('r', 'test://r', () => {
        throw new RemoteError(-5, 'gone');
      })
      .prompt('p', () => 'x');
    await using client = await connect(server, { eras: [era], roots: [] });
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    await client.callTool('good', {}, { meta: { traceparent: `00-${traceId}-b7ad6b7169203331-01` } });
    await client.callTool('told');
    await expect(client.callTool('broken')).rejects.toMatchObject({ code: ErrorCode.InternalError });
    await expect(client.readResource('test://r')).rejects.toMatchObject({ code: -5 });
    await client.getPrompt('p');
    await client.callTool('ask');
    const asking = { name: 'tools/call ask', status: undefined };
    expect(spans.map(({ name, status }) => ({ name, status }))).toEqual([
      { name: 'tools/call good', status: undefined },
      { name: 'tools/call told', status: SpanStatusCode.ERROR },
      { name: 'tools/call broken', status: SpanStatusCode.ERROR },
      { name: 'resources/read', status: SpanStatusCode.ERROR },
      { name: 'prompts/get p', status: undefined },
      ...(era === 'modern' ? [asking, asking] : [asking]),
    ]);
    expect(spans.map(({ parent }) => parent).slice(0, 2)).toEqual([traceId, undefined]);
    expect(spans.every(({ ended }) => ended)).toBe(true);
    expect(spans[0]?.attributes).toEqual({
      'mcp.method.name': 'tools/call',
      'mcp.protocol.version': client.revision,
      'gen_ai.tool.name': 'good',
      'gen_ai.operation.name': 'execute_tool',
      'jsonrpc.request.id': expect.any(String),
    });
    expect(spans[3]?.attributes).toMatchObject({
      'mcp.resource.uri': 'test://r',
      'error.type': '-5',
      'rpc.response.status_code': '-5',
    });
    expect(durations.map((attributes) => attributes['error.type']).slice(0, 4)).toEqual([
      undefined,
      'tool_error',
      'TypeError',
      '-5',
    ]);
    expect(durations).toHaveLength(spans.length);
    expect(Object.keys(durations[3] ?? {})).not.toContain('mcp.resource.uri');
  });
});

test('without a provider nothing is recorded and nothing breaks', async () => {
  const server = createServer({ name: 'test', version: '1' })
    .use(telemetry())
    .tool('t', () => 'x');
  await using client = await connect(server);
  expect((await client.callTool('t')).content).toHaveLength(1);
  expect(trace.getSpanContext(ROOT_CONTEXT)).toBeUndefined();
});
