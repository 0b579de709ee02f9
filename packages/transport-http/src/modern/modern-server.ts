import { CallOrigin, type HttpCall } from '@trunkline/http-host';
import {
  serverCodecOf,
  ErrorCode,
  isJsonObject,
  type Envelope,
  type JsonRpcError,
  type JsonRpcNotification,
  type JsonRpcRequest,
} from '@trunkline/protocol';
import { TransportError, type Exchange } from '@trunkline/transport';
import { answerError } from '../server/answers.ts';
import type { Core } from '../server/core.ts';
import { ModernExchange } from './exchange.ts';
import { differs, mirrorDefect } from './mirror.ts';

const codec = /* @__PURE__ */ serverCodecOf('modern');

/** What a message says of itself: `undefined` when it does not belong to this era. */
export function readEnvelope(
  message: JsonRpcRequest | JsonRpcNotification,
): Envelope | JsonRpcError | undefined {
  return codec.decodeEnvelope(message.params);
}

/** Serves one request that carries everything with it. https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http */
export function serveModern(
  core: Core,
  call: HttpCall,
  message: JsonRpcRequest,
  envelope: Envelope | JsonRpcError,
): void {
  if ('code' in envelope)
    return answerError(call, 400, message.id, contradiction(call, envelope) ?? envelope);
  const defect = mirrorDefect(call, message, envelope.revision, core.acceptor);
  if (defect) return answerError(call, 400, message.id, mismatch(defect));
  const exchange = new ModernExchange(core, call, message.id, envelope.revision);
  core.acceptor.exchange(message, exchange);
  exchange.wait();
}

/** Takes one notification. What its header may say is left open, so only what it says wrongly is refused. */
export function noticeModern(
  core: Core,
  call: HttpCall,
  message: JsonRpcNotification,
  revision: string,
): void {
  const defects = [
    differs('MCP-Protocol-Version', call.header('mcp-protocol-version') ?? revision, revision),
    differs('Mcp-Method', call.header('mcp-method') ?? message.method, message.method),
  ];
  const defect = defects.find((found) => found !== undefined);
  if (defect) return answerError(call, 400, undefined, mismatch(defect));
  core.acceptor.exchange(message, wayless(new CallOrigin(call, revision)));
  call.reply(202, {});
}

/** The exchange of a message that is not answered. */
export function wayless(origin: Exchange['origin']): Exchange {
  const scope = {};
  return {
    signal: new AbortController().signal,
    origin,
    scope,
    send: () =>
      Promise.reject(
        new TransportError('misuse', 'a notification has no way back', { delivery: 'not-sent' }),
      ),
    end: () => {},
  };
}

/** A header that contradicts the body is the first thing to be said, also where the body's revision is not spoken. */
function contradiction(call: HttpCall, { data }: JsonRpcError): JsonRpcError | undefined {
  const requested = isJsonObject(data) ? data['requested'] : undefined;
  if (typeof requested !== 'string') return undefined;
  const defect = differs('MCP-Protocol-Version', call.header('mcp-protocol-version') ?? requested, requested);
  return defect === undefined ? undefined : mismatch(defect);
}

function mismatch(message: string): JsonRpcError {
  return { code: ErrorCode.HeaderMismatch, message };
}
