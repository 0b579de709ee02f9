import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthInfo } from '@trunkline/transport';
import { HttpCall, type CallAccount, type Outlet } from '../call.ts';
import { textOf } from '../fetch.ts';
import type { Fields } from '../head.ts';
import type { HttpLimits } from '../host.ts';
import { isLoopback } from '../security.ts';
import { NodeOutlet, watchStall } from './node-outlet.ts';

/** What a framework knows of a request beside the request. */
export interface NodeInfo {
  /** The identity, where the framework verified it. */
  readonly auth?: AuthInfo;
  /** The body, where the framework parsed it; `request.body` is found without. The limits hold for it too. */
  readonly body?: unknown;
}

/** What the calls of a Node server need of their host. */
export interface NodeAccount extends CallAccount {
  readonly limits: Required<HttpLimits>;
}

/** A call that is read from and answered to Node's own objects. */
export class NodeCall extends HttpCall {
  readonly #account: NodeAccount;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #info: NodeInfo | undefined;

  constructor(account: NodeAccount, request: IncomingMessage, response: ServerResponse, info?: NodeInfo) {
    super(account, info?.auth);
    this.#account = account;
    this.#request = request;
    this.#response = response;
    this.#info = info;
  }

  get method(): string {
    return this.#request.method ?? '';
  }

  get url(): string {
    return this.#request.url ?? '';
  }

  get atLoopback(): boolean {
    return endsAtLoopback(this.#request);
  }

  header(name: string): string | undefined {
    return fieldOf(this.#request, name);
  }

  protected watch(): void {
    if (this.#response.destroyed) return queueMicrotask(() => this.gone());
    this.#response.once('close', () => {
      if (!this.#response.writableFinished) this.gone();
    });
  }

  protected readBody(limit: number, counted: boolean): Promise<string | undefined> {
    const parsed = this.#info?.body ?? (this.#request as { body?: unknown }).body;
    if (parsed !== undefined) return Promise.resolve(this.#takeParsed(parsed, limit, counted));
    return new Promise((resolve) => this.#collect(limit, counted, resolve));
  }

  protected writeWhole(status: number, fields: Fields, body: string): void {
    const response = this.#response;
    if (response.headersSent || response.destroyed) return;
    if (this.#leavesBody()) return this.#closeAfter(status, fields, body);
    const length = Buffer.byteLength(body);
    response.writeHead(status, status === 204 ? fields : { ...fields, 'content-length': length });
    response.end(body);
    if (length > ONE_WRITE) watchStall(response, this.#account.limits.writeStall);
  }

  protected writeStream(status: number, fields: Fields): Outlet {
    this.#response.writeHead(status, fields);
    const outlet = new NodeOutlet(this.#response, this.#account.limits, () => this.done());
    this.onGone(() => outlet.leave());
    return outlet;
  }

  #collect(limit: number, counted: boolean, resolve: (text: string | undefined) => void): void {
    const request = this.#request;
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= limit && (counted || this.hold(chunk.length))) return;
      request.off('data', take).pause();
      chunks.length = 0;
      resolve(size > limit ? this.refuseLength(limit) : undefined);
    };
    request.on('data', take);
    request.on('end', () => resolve(textIn(chunks) ?? this.refuseBytes()));
    request.on('close', () => {
      if (request.complete) return;
      this.done();
      resolve(undefined);
    });
  }

  #takeParsed(parsed: unknown, limit: number, counted: boolean): string | undefined {
    const text = textOf(parsed);
    const length = Buffer.byteLength(text);
    if (length > limit) return this.refuseLength(limit);
    return counted || this.hold(length) ? text : undefined;
  }

  /** Whether so much of the request is unread that it is cheaper to give the connection up than to read it. */
  #leavesBody(): boolean {
    const { complete, headers } = this.#request;
    if (complete) return false;
    return (
      headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > WORTH_READING
    );
  }

  /** Closing at once would reset the connection, and the client would never read why. */
  #closeAfter(status: number, fields: Fields, body: string): void {
    const [request, response] = [this.#request, this.#response];
    const length = String(Buffer.byteLength(body));
    response.writeHead(status, { ...fields, 'content-length': length, connection: 'close' });
    response.write(body);
    const timer = setTimeout(() => response.end(), LINGER);
    request.once('close', () => {
      clearTimeout(timer);
      response.end();
    });
    request.resume();
  }
}

/** Whether a connection ends at this machine's own address; a Unix socket does. */
export function endsAtLoopback({ socket }: IncomingMessage): boolean {
  return socket.localAddress === undefined || isLoopback(socket.localAddress);
}

/** A header field. A `Host` that occurs twice is none, because Node shows the first and a proxy may go by the last. */
export function fieldOf(request: IncomingMessage, name: string): string | undefined {
  if (name === 'host' && countHosts(request.rawHeaders) > 1) return undefined;
  const value = request.headers[name] ?? (name === 'host' ? request.headers[':authority'] : undefined);
  return typeof value === 'object' ? value.join(', ') : value;
}

/** Up to here an answer goes out in one write, which needs no watching. */
const ONE_WRITE = 64 * 1024;
const WORTH_READING = 64 * 1024;
const LINGER = 1_000;

function countHosts(raw: readonly string[]): number {
  let count = 0;
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}

function textIn(chunks: readonly Buffer[]): string | undefined {
  const [only] = chunks;
  if (only === undefined) return '';
  const bytes = chunks.length === 1 ? only : Buffer.concat(chunks);
  if (!isUtf8(bytes)) return undefined;
  const text = bytes.toString();
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
