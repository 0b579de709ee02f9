/**
 * Traces and metrics of every call by the semantic conventions for MCP, through `@opentelemetry/api`, which the program brings.
 */
import {
  context as contexts,
  metrics,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Meter,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { isRemoteError } from '@trunkline/protocol';
import { Suspended } from '@trunkline/session';
import type { Call, Middleware } from './call.ts';

/** Where traces and metrics go. */
export interface TelemetryOptions {
  /** The global one unless given. */
  readonly tracer?: Tracer;
  /** The global one unless given. */
  readonly meter?: Meter;
}

const NAME = '@trunkline/server-fast';
const METHOD = { tool: 'tools/call', resource: 'resources/read', prompt: 'prompts/get' } as const;
/** Buckets of the duration in seconds, as the conventions advise. */
const BUCKETS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

/**
 * A span and a duration for each call, below the span that the client names in `_meta`. Neither arguments nor results are
 * recorded. https://modelcontextprotocol.io/specification/2026-07-28/basic#_meta
 */
export function telemetry(options: TelemetryOptions = {}): Middleware {
  const tracer = options.tracer ?? trace.getTracer(NAME);
  const durations = (options.meter ?? metrics.getMeter(NAME)).createHistogram(
    'mcp.server.operation.duration',
    {
      unit: 's',
      description: 'Duration of a request as the server sees it',
      advice: { explicitBucketBoundaries: BUCKETS },
    },
  );
  return (call, next) => {
    const method = METHOD[call.kind];
    // The address of a resource is no name: it would make a series of its own of each.
    const target = call.kind === 'resource' ? '' : ` ${call.name}`;
    const attributes = attributesOf(call, method);
    const parent = propagation.extract(ROOT_CONTEXT, call.context.meta);
    const start = performance.now();
    return tracer.startActiveSpan(
      `${method}${target}`,
      { kind: SpanKind.SERVER, attributes: { ...attributes, ...identifying(call) } },
      trace.getSpanContext(parent) ? parent : contexts.active(),
      async (span) => {
        let error: string | undefined;
        try {
          const result = await next();
          if (result['isError'] === true) error = 'tool_error';
          if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
          return result;
        } catch (thrown) {
          error = failed(span, thrown);
          throw thrown;
        } finally {
          const outcome = error === undefined ? {} : { 'error.type': error };
          span.setAttributes(outcome);
          span.end();
          durations.record((performance.now() - start) / 1000, { ...attributes, ...outcome });
        }
      },
    );
  };
}

function attributesOf({ kind, name, context }: Call, method: string): Attributes {
  return {
    'mcp.method.name': method,
    'mcp.protocol.version': context.revision,
    ...(kind === 'tool' && { 'gen_ai.tool.name': name, 'gen_ai.operation.name': 'execute_tool' }),
    ...(kind === 'prompt' && { 'gen_ai.prompt.name': name }),
  };
}

/** What is different in each call, and so is said of spans alone. */
function identifying({ kind, name, context }: Call): Attributes {
  return {
    'jsonrpc.request.id': String(context.id),
    ...(kind === 'resource' && { 'mcp.resource.uri': name }),
  };
}

/** A call that goes on when a question was answered has not failed. */
function failed(span: Span, thrown: unknown): string | undefined {
  if (thrown instanceof Suspended) return undefined;
  span.setStatus({ code: SpanStatusCode.ERROR });
  if (isRemoteError(thrown)) {
    span.setAttribute('rpc.response.status_code', String(thrown.code));
    return String(thrown.code);
  }
  return thrown instanceof Error ? thrown.name : '_OTHER';
}
