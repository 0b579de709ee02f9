import { isJsonObject, ProtocolError, type JsonObject, type Tool } from '@trunkline/protocol';
import type { ClientLayer, Send } from '../layers.ts';
import { silent, type Logger } from '../logger.ts';
import { SessionError } from '../session-error.ts';

/** Compiles a JSON Schema to a function that says in words what is wrong with a value. Throws if it cannot. */
export type CompileSchema = (schema: JsonObject) => (value: unknown) => string | undefined;

/** What is validated, and by what. */
export interface ValidateOptions {
  readonly compile: CompileSchema;
  /** Whether arguments are checked before they are sent. False unless given: the server checks them too. */
  readonly arguments?: boolean | undefined;
  /** Whether structured results are checked. True unless given. */
  readonly results?: boolean | undefined;
  readonly logger?: Logger | undefined;
}

interface Checks {
  readonly input: ((value: unknown) => string | undefined) | undefined;
  readonly output: ((value: unknown) => string | undefined) | undefined;
}

const MAX_PAGES = 64;

/** Longest description of what is wrong with a value. */
const MAX_DEFECT = 2_000;

/**
 * Holds tools to their schemas, learnt from the lists that pass through and from one that is read when an unknown tool is
 * called. Wrong arguments fail with `misuse` and are not sent; a result that is not what the tool promised fails with
 * `unexpected-shape`. A schema that cannot be compiled is reported and checks nothing.
 */
export function validate(options: ValidateOptions): ClientLayer {
  return (next) => {
    const known = new Map<string, Checks>();
    return async (request) => {
      const { method, params } = request;
      if (method === 'tools/list') return learn(await next(request), known, options);
      if (method !== 'tools/call') return next(request);
      const name = params['name'] as string;
      if (!known.has(name)) await learnAll(next, known, options, request.options.signal);
      const { input, output } = known.get(name) ?? {};
      const wrong = input?.(params['arguments'] ?? {});
      if (wrong)
        throw new SessionError('misuse', `${name}: the arguments are wrong: ${wrong.slice(0, MAX_DEFECT)}`);
      const result = await next(request);
      if (output && result['isError'] !== true && result['resultType'] === undefined)
        assertPromised(name, result, output);
      return result;
    };
  };
}

/** https://modelcontextprotocol.io/specification/2026-07-28/server/tools */
function assertPromised(
  name: string,
  result: JsonObject,
  output: (value: unknown) => string | undefined,
): void {
  const { structuredContent } = result;
  const defect = structuredContent === undefined ? 'it has no structuredContent' : output(structuredContent);
  if (defect)
    throw new ProtocolError(
      'unexpected-shape',
      `${name}: the result breaks its outputSchema: ${defect.slice(0, MAX_DEFECT)}`,
    );
}

function learn(list: JsonObject, known: Map<string, Checks>, options: ValidateOptions): JsonObject {
  for (const { name, inputSchema, outputSchema } of list['tools'] as Tool[]) {
    const input = options.arguments ? compiled(name, inputSchema, options) : undefined;
    const output = options.results === false ? undefined : compiled(name, outputSchema, options);
    known.set(name, { input, output });
  }
  return list;
}

/** A server that does not list its tools is called without checks. */
async function learnAll(
  next: Send,
  known: Map<string, Checks>,
  options: ValidateOptions,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    let cursor: unknown;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const params = typeof cursor === 'string' ? { cursor } : {};
      const list = learn(await next({ method: 'tools/list', params, options: { signal } }), known, options);
      if (list['nextCursor'] === undefined || list['nextCursor'] === cursor) return;
      cursor = list['nextCursor'];
    }
  } catch (error) {
    if (signal?.aborted) throw error;
    (options.logger ?? silent).warn('could not learn the schemas of the tools', error);
  }
}

function compiled(
  name: string,
  schema: unknown,
  { compile, logger = silent }: ValidateOptions,
): Checks['input'] {
  if (!isJsonObject(schema)) return undefined;
  try {
    return compile(schema);
  } catch (error) {
    logger.warn(`a schema of the tool ${JSON.stringify(name)} checks nothing`, error);
    return undefined;
  }
}
