import {
  ErrorCode,
  isMcpError,
  isRemoteError,
  type Delivery,
  type JsonObject,
  type Tool,
} from '@trunkline/protocol';
import { systemClock, type Clock } from '../clock.ts';
import type { ClientLayer, ClientRequest } from '../layers.ts';
import { pause } from '../pause.ts';
import { pauseAfter } from '../reconnect.ts';

/** How often, and after which pauses, what is safe is tried again. */
export interface RetryOptions {
  /** Attempts in all. 2 unless given. */
  readonly attempts?: number | undefined;
  /** Milliseconds below which the first pause is drawn; the bound doubles. 500 unless given. */
  readonly firstDelay?: number | undefined;
  readonly maxDelay?: number | undefined;
  /** Whether a tool that says that it is read-only or idempotent is believed. True unless given. */
  readonly trustAnnotations?: boolean | undefined;
  readonly random?: (() => number) | undefined;
  readonly clock?: Clock | undefined;
}

/** Methods that only read. */
const READING: ReadonlySet<string> = new Set([
  'server/discover',
  'ping',
  'tools/list',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'completion/complete',
]);

const NEVER = new AbortController().signal;

/**
 * Makes a request again whose answer was lost, where that does no harm: it was never sent, it only reads, or its tool says
 * (or `idempotent` in the options of the call) that twice does no more than once. A server that was too busy to begin is
 * asked again too. What timed out or was given up is not repeated.
 */
export function retry(options: RetryOptions = {}): ClientLayer {
  const { attempts = 2, trustAnnotations = true, clock = systemClock, ...pauses } = options;
  return (next) => {
    const harmless = new Set<string>();
    return async (request) => {
      const signal = request.options.signal ?? NEVER;
      for (let failures = 0; ; failures += 1) {
        try {
          const result = await next(request);
          if (trustAnnotations && request.method === 'tools/list') learn(result, harmless);
          return result;
        } catch (error) {
          const again = failures + 1 < attempts && !signal.aborted && mayRepeat(error, request, harmless);
          if (!again) throw error;
          await pause(clock, pauseAfter(failures, pauses), signal);
        }
      }
    };
  };
}

function mayRepeat(error: unknown, request: ClientRequest, harmless: ReadonlySet<string>): boolean {
  if (isRemoteError(error)) return error.code === ErrorCode.ServerBusy;
  if (!isMcpError(error, 'SessionError') && !isMcpError(error, 'TransportError')) return false;
  if (!LOST.has(error.code as string)) return false;
  const { delivery } = error as { delivery?: Delivery };
  if (delivery === 'not-sent') return true;
  return delivery === 'unknown' && isHarmless(request, harmless);
}

/** What says that the way to the server was the trouble. */
const LOST: ReadonlySet<string> = new Set([
  'link-lost',
  'closed',
  'not-sent',
  'stream-ended',
  'exited',
  'expired',
  'connect-timeout',
  'overloaded',
]);

function isHarmless({ method, params, options }: ClientRequest, harmless: ReadonlySet<string>): boolean {
  if (options.idempotent !== undefined) return options.idempotent;
  return READING.has(method) || (method === 'tools/call' && harmless.has(params['name'] as string));
}

function learn(list: JsonObject, harmless: Set<string>): void {
  for (const { name, annotations } of list['tools'] as Tool[]) {
    if (annotations?.readOnlyHint === true || annotations?.idempotentHint === true) harmless.add(name);
    else harmless.delete(name);
  }
}
