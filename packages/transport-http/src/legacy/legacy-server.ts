import { acceptsAll, RETRY_SOON, type HttpCall } from '@trunkline/http-host';
import {
  ErrorCode,
  findRevision,
  isRequest,
  isResponse,
  REVISIONS,
  unsupportedProtocolVersion,
  type JsonRpcMessage,
} from '@trunkline/protocol';
import { memoryStore } from '@trunkline/store';
import { answerError } from '../server/answers.ts';
import type { Core } from '../server/core.ts';
import type { LegacyOptions } from '../server/options.ts';
import { openSession } from './open-session.ts';
import { refuseSession } from './refuse-session.ts';
import { SessionTable } from './session-table.ts';
import type { LegacySession } from './session.ts';
import { serveStateless } from './stateless.ts';

/** Serves clients that open with `initialize`. https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http */
export class LegacyServer {
  readonly #core: Core;
  readonly #options: LegacyOptions;
  readonly #sessions: SessionTable | undefined;

  constructor(core: Core, options: LegacyOptions = {}) {
    this.#core = core;
    this.#options = options;
    if (options.sessions !== false) {
      this.#sessions = new SessionTable(core, options.store ?? memoryStore(), options);
    }
  }

  async post(call: HttpCall, received: JsonRpcMessage | JsonRpcMessage[]): Promise<void> {
    const revision = call.header('mcp-protocol-version');
    if (!this.#speaks(call, revision, received)) return;
    if (!this.#sessions) return this.#serveAlone(call, received, revision);
    const opening = Array.isArray(received) || !isRequest(received) ? undefined : received;
    if (opening?.method === 'initialize') {
      if (call.header('mcp-session-id') === undefined)
        return openSession(this.#core, this.#sessions, call, opening);
      return call.refuse(400, 'initialize opens a session; send it without Mcp-Session-Id');
    }
    const session = await this.#find(call);
    if (!session) return;
    if ([received].flat().some(isInitialized)) this.#sessions.confirm(session);
    await session.post(call, received);
  }

  async get(call: HttpCall): Promise<void> {
    if (!this.#sessions)
      return call.refuse(405, 'this server opens no streams on its own', { fields: { allow: 'POST' } });
    if (!acceptsAll(call.header('accept'), ['text/event-stream'])) {
      return call.refuse(406, 'the Accept header must allow text/event-stream');
    }
    if (!this.#speaks(call, call.header('mcp-protocol-version'))) return;
    const session = await this.#find(call);
    if (!session) return;
    const lastEventId = call.header('last-event-id');
    if (lastEventId === undefined) session.listen(call);
    else await session.resume(call, lastEventId);
  }

  async delete(call: HttpCall): Promise<void> {
    if (!this.#sessions)
      return call.refuse(405, 'this server keeps no sessions', { fields: { allow: 'POST' } });
    const session = await this.#find(call);
    if (!session) return;
    session.end({ by: 'remote' });
    call.reply(204, {});
  }

  /** Lets clients go from the streams that would not end on their own. */
  drain(): void {
    this.#sessions?.drain();
  }

  /** Ends every session in this process. */
  close(): void {
    this.#sessions?.close();
  }

  #serveAlone(
    call: HttpCall,
    received: JsonRpcMessage | JsonRpcMessage[],
    revision: string | undefined,
  ): void {
    if (!Array.isArray(received) && isResponse(received)) {
      return call.refuse(400, 'Invalid Request: nothing was asked that this could answer');
    }
    serveStateless(this.#core, call, received, revision, this.#options.answers === 'stream');
  }

  /** Whether the revision that the header names is one of this era. An absent one is, for clients that know no such header. */
  #speaks(
    call: HttpCall,
    revision: string | undefined,
    received?: JsonRpcMessage | JsonRpcMessage[],
  ): boolean {
    if (revision === undefined || findRevision(revision)?.era === 'legacy') return true;
    const { code, message, data } = unsupportedProtocolVersion(
      revision,
      REVISIONS.map(({ date }) => date),
    ).toJSON();
    const id = received && !Array.isArray(received) && isRequest(received) ? received.id : undefined;
    answerError(call, 400, id, { code, message, ...(data !== undefined && { data }) });
    return false;
  }

  /** The session of a call, or nothing: then the call is answered. */
  async #find(call: HttpCall): Promise<LegacySession | undefined> {
    const id = call.header('mcp-session-id');
    if (id === undefined || !this.#sessions) {
      call.refuse(400, 'Mcp-Session-Id is missing; initialize first');
      return undefined;
    }
    try {
      const session = await this.#sessions.find(id, call.auth);
      if (typeof session === 'object') return session;
      refuseSession(call, session);
    } catch (error) {
      this.#core.host.onError(error);
      call.refuse(503, 'sessions cannot be looked up; try again later', {
        fields: RETRY_SOON,
        code: ErrorCode.ServerBusy,
      });
    }
    return undefined;
  }
}

function isInitialized(message: JsonRpcMessage): boolean {
  return 'method' in message && message.method === 'notifications/initialized';
}
