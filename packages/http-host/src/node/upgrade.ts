import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { HttpCall, type CallAccount, type Outlet } from '../call.ts';
import type { Fields } from '../head.ts';
import type { HttpHost } from '../host.ts';
import { endsAtLoopback, fieldOf } from './node-call.ts';

/** A connection that asks to speak another protocol, after its request was checked and its sender verified. */
export interface UpgradeRequest {
  /** What was asked and by whom; refusing it closes the connection. */
  readonly call: HttpCall;
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What came after the request already. */
  readonly head: Buffer;
}

/** Takes a connection over. */
export type Upgrade = (request: UpgradeRequest) => void;

/** Answers the `upgrade` event of a `node:http` server. What is refused gets an HTTP answer and is closed. */
export function upgradeFace(
  host: HttpHost,
  upgrade: Upgrade,
): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  return (request, socket, head) => {
    const call = new UpgradeCall(host, request, socket);
    host.handle(call, () => upgrade({ call, request, socket, head }));
  };
}

class UpgradeCall extends HttpCall {
  readonly method: string;
  readonly url: string;
  readonly #request: IncomingMessage;
  readonly #socket: Duplex;

  constructor(account: CallAccount, request: IncomingMessage, socket: Duplex) {
    super(account, undefined);
    this.method = request.method ?? '';
    this.url = request.url ?? '';
    this.#request = request;
    this.#socket = socket;
    socket.once('close', () => this.done());
    // Until somebody takes the connection over, its failure is nobody's.
    socket.on('error', () => {});
  }

  get atLoopback(): boolean {
    return endsAtLoopback(this.#request);
  }

  header(name: string): string | undefined {
    return fieldOf(this.#request, name);
  }

  protected watch(): void {
    if (this.#socket.closed) return queueMicrotask(() => this.gone());
    this.#socket.once('close', () => this.gone());
  }

  protected readBody(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  protected writeWhole(status: number, fields: Fields, body: string): void {
    const all = { ...fields, connection: 'close', 'content-length': String(Buffer.byteLength(body)) };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    const answer = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`;
    // A peer that keeps its half open keeps nothing of ours.
    this.#socket.end(answer, () => this.#socket.destroy());
  }

  protected writeStream(): Outlet {
    throw new Error('a connection that asks for another protocol is not answered with a stream');
  }
}
