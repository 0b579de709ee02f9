import { CallOrigin, JSON_FIELDS, RETRY_SOON, type HttpCall } from '@trunkline/http-host';
import { ErrorCode, type JsonObject, type JsonRpcMessage, type JsonRpcRequest } from '@trunkline/protocol';
import { encodeMessage, type EncodedResponse, type Exchange, type Origin } from '@trunkline/transport';
import { fieldsFor, SENT } from '../server/answers.ts';
import type { Core, Owed } from '../server/core.ts';
import { refuseSession } from './refuse-session.ts';
import type { SessionTable } from './session-table.ts';
import type { LegacySession } from './session.ts';

/**
 * Serves `initialize`. The session becomes known only when the server agreed, with the answer that says so; until then
 * nothing is kept that a client could leave behind. https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#session-management
 */
export async function openSession(
  core: Core,
  table: SessionTable,
  call: HttpCall,
  opening: JsonRpcRequest,
): Promise<void> {
  const session = table.create(call.auth);
  if (typeof session === 'number') return refuseSession(call, session);
  try {
    await core.acceptor.link(session);
  } catch (error) {
    session.end({ by: 'local' });
    throw error;
  }
  if (session.ended) return call.refuse(503, 'this server serves no more sessions', { fields: RETRY_SOON });
  const exchange = new OpeningExchange(core, table, call, session, opening);
  session.laneWaits(exchange);
  session.deliver(opening, exchange);
}

class OpeningExchange implements Exchange, Owed {
  readonly origin: Origin;
  readonly scope: object;
  readonly #core: Core;
  readonly #table: SessionTable;
  readonly #call: HttpCall;
  readonly #session: LegacySession;
  readonly #opening: JsonRpcRequest;

  constructor(
    core: Core,
    table: SessionTable,
    call: HttpCall,
    session: LegacySession,
    opening: JsonRpcRequest,
  ) {
    this.origin = new CallOrigin(call, undefined);
    this.scope = session;
    this.#core = core;
    this.#table = table;
    this.#call = call;
    this.#session = session;
    this.#opening = opening;
  }

  get signal(): AbortSignal {
    return this.#session.signal;
  }

  abandon(): void {
    this.#call.refuse(503, 'the server ended the session', {
      fields: RETRY_SOON,
      code: ErrorCode.ServerBusy,
    });
  }

  /** What is said before there is a session is not sent: nothing could be asked back, and a log can wait. */
  send(message: JsonRpcMessage | EncodedResponse): Promise<void> {
    if ('method' in message || this.#call.answered) return SENT;
    const text = encodeMessage(message);
    const revision = 'error' in message ? undefined : agreedRevision(message);
    if (revision !== undefined) return this.#mint(text, revision);
    const status = 'error' in message && message.error.code === ErrorCode.ServerBusy ? 429 : 200;
    this.#call.reply(status, fieldsFor(status), text);
    this.end();
    return SENT;
  }

  end(): void {
    this.#session.end({ by: 'local' });
  }

  async #mint(text: string, revision: string): Promise<void> {
    this.#session.revision = revision;
    try {
      await this.#table.mint(this.#session, this.#opening);
    } catch (error) {
      this.#core.host.onError(error);
      this.#call.refuse(503, 'the session cannot be kept; try again later', {
        fields: RETRY_SOON,
        code: ErrorCode.ServerBusy,
      });
      return this.end();
    }
    this.#call.reply(200, { ...JSON_FIELDS, 'mcp-session-id': this.#session.id }, text);
    this.#session.laneEnded(this);
  }
}

function agreedRevision(
  answer: Extract<JsonRpcMessage, { result: unknown }> | EncodedResponse,
): string | undefined {
  const result = 'json' in answer ? (JSON.parse(answer.json) as JsonObject) : answer.result;
  const revision = result['protocolVersion'];
  return typeof revision === 'string' ? revision : undefined;
}
