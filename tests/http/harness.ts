import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server as NodeServer,
} from 'node:http';
import { createConnection, type AddressInfo, type Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { JsonObject } from '@trunkline/protocol';
import { sseDecoder, type SseEvent } from '@trunkline/sse-codec';
import type { Acceptor } from '@trunkline/transport';
import { createHttpHandler, type HttpHandler, type HttpHandlerOptions } from '@trunkline/transport-http';
import { toNodeHandler } from '@trunkline/transport-http/node';

/** The two ways in which requests reach a handler. */
export const FACES = ['node', 'fetch'] as const;
export type Face = (typeof FACES)[number];

/** A handler behind a real socket. */
export interface Opened extends AsyncDisposable {
  readonly url: string;
  readonly handler: HttpHandler;
  /** Breaks every connection off, and accepts no more. */
  sever(): void;
  /** How many connections are open. */
  connections(): Promise<number>;
}

/** Serves an acceptor on a free port, through one of the faces. */
export async function open(
  face: Face,
  acceptor: Acceptor,
  options: HttpHandlerOptions = {},
): Promise<Opened> {
  const handler = createHttpHandler(acceptor, options);
  const listener =
    face === 'node'
      ? toNodeHandler(handler)
      : getRequestListener((request) => handler.fetch(request), { overrideGlobalObjects: false });
  const server = createServer((request, response) => listener(request, response));
  const url = await listening(server);
  return {
    url,
    handler,
    sever() {
      server.closeAllConnections();
      server.close();
    },
    connections: () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
      }),
    async [Symbol.asyncDispose]() {
      await handler.close({ grace: 0 });
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function listening(server: NodeServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

export const POST_FIELDS = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};

/** The envelope of a modern request. */
export function modernMeta(extra: JsonObject = {}): JsonObject {
  return {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
    ...extra,
  };
}

/** A modern request with everything that belongs to it. */
export function modernRequest(
  method: string,
  params: JsonObject = {},
  fields: Record<string, string | undefined> = {},
  id: string | number = 1,
): RequestInit {
  const { _meta, ...rest } = params;
  const name = rest['name'] ?? rest['uri'];
  const headers: Record<string, string | undefined> = {
    ...POST_FIELDS,
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...(typeof name === 'string' && { 'mcp-name': name }),
    ...fields,
  };
  const body = { jsonrpc: '2.0', id, method, params: { ...rest, _meta: modernMeta(_meta as JsonObject) } };
  return { method: 'POST', headers: given(headers), body: JSON.stringify(body) };
}

/** A message of a legacy client. */
export function legacyRequest(
  message: unknown,
  fields: Record<string, string | undefined> = {},
): RequestInit {
  return { method: 'POST', headers: given({ ...POST_FIELDS, ...fields }), body: JSON.stringify(message) };
}

export function given(fields: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined),
  );
}

/** A legacy session, opened and confirmed. */
export interface TestSession {
  readonly id: string;
  readonly fields: Record<string, string>;
  /** Sends a message in the session. */
  send(
    message: unknown,
    fields?: Record<string, string | undefined>,
    signal?: AbortSignal,
  ): Promise<Response>;
  /** Opens the stream on which the server speaks first, or takes one up again. */
  listen(lastEventId?: string): Promise<EventReader>;
}

export async function openSession(
  url: string,
  revision = '2025-11-25',
  options: { capabilities?: JsonObject; fields?: Record<string, string> } = {},
): Promise<TestSession> {
  const { capabilities = {}, fields: extra = {} } = options;
  const params = { protocolVersion: revision, capabilities, clientInfo: { name: 'test', version: '1' } };
  const opened = await fetch(
    url,
    legacyRequest({ jsonrpc: '2.0', id: 'open', method: 'initialize', params }, extra),
  );
  const id = opened.headers.get('mcp-session-id') ?? '';
  await opened.body?.cancel();
  const fields = { 'mcp-session-id': id, 'mcp-protocol-version': revision, ...extra };
  const send: TestSession['send'] = (message, more = {}, signal) =>
    fetch(url, { ...legacyRequest(message, { ...fields, ...more }), ...(signal && { signal }) });
  const ready = await send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  await ready.body?.cancel();
  return { id, fields, send, listen: (lastEventId) => listen(url, fields, lastEventId) };
}

export async function listen(
  url: string,
  fields: Record<string, string>,
  lastEventId?: string,
): Promise<EventReader> {
  const headers = {
    accept: 'text/event-stream',
    ...fields,
    ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
  };
  return new EventReader(await fetch(url, { headers }));
}

/** Reads the events of a stream one by one. */
export class EventReader {
  readonly response: Response;
  readonly pauses: number[] = [];
  /** Everything as it was sent. */
  text = '';
  readonly #events: SseEvent[] = [];
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  readonly #decoder = sseDecoder({
    onEvent: (event) => this.#events.push(event),
    onRetry: (pause) => this.pauses.push(pause),
  });

  constructor(response: Response) {
    this.response = response;
    this.#reader = response.body?.getReader();
  }

  /** The next event, or `undefined` when the stream has ended. */
  async next(): Promise<SseEvent | undefined> {
    while (this.#events.length === 0) {
      const next = await within(
        this.#reader?.read() ?? Promise.resolve({ done: true as const, value: undefined }),
      );
      if (next.done) return undefined;
      const text = Buffer.from(next.value).toString();
      this.text += text;
      this.#decoder.push(text);
    }
    return this.#events.shift();
  }

  /** The message in the next event that has one. */
  async message(): Promise<JsonObject | undefined> {
    for (let event = await this.next(); event; event = await this.next()) {
      if (event.data !== '') return JSON.parse(event.data) as JsonObject;
    }
    return undefined;
  }

  /** Everything up to the end. */
  async rest(): Promise<SseEvent[]> {
    const events: SseEvent[] = [];
    for (let event = await this.next(); event; event = await this.next()) events.push(event);
    return events;
  }

  /** Reads until something has been sent. */
  async until(part: string): Promise<void> {
    while (!this.text.includes(part)) {
      const next = await within(
        this.#reader?.read() ?? Promise.resolve({ done: true as const, value: undefined }),
      );
      if (next.done) throw new Error(`the stream ended without ${JSON.stringify(part)}`);
      const text = Buffer.from(next.value).toString();
      this.text += text;
      this.#decoder.push(text);
    }
  }

  async cancel(): Promise<void> {
    await this.#reader?.cancel().catch(() => {});
  }
}

/** Fails after two seconds. */
export async function within<Value>(
  promise: Promise<Value>,
  what = 'something that must happen',
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not happen within 2 s`)), 2_000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A promise and the function that resolves it. */
export function signalled<Value = void>(): {
  readonly promise: Promise<Value>;
  readonly fire: (value: Value) => void;
} {
  let fire: (value: Value) => void = () => {};
  const promise = new Promise<Value>((resolve) => (fire = resolve));
  return { promise, fire };
}

/** A request with exactly these fields, which `fetch` would not send. */
export async function rawRequest(
  url: string,
  init: { method?: string; headers?: Record<string, string | string[]>; body?: string | Buffer },
): Promise<{ status: number; headers: IncomingMessage['headers']; body: string }> {
  const { method = 'GET', headers = {}, body } = init;
  const { promise, fire } = signalled<IncomingMessage>();
  const sent = httpRequest(url, { method, headers, agent: false }, fire);
  sent.end(body);
  const response = await within(promise, `an answer to ${method} ${url}`);
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: Buffer.concat(chunks).toString(),
  };
}

/** A connection on which anything can be said, and whatever comes back is kept as it is. */
export class RawSocket {
  readonly socket: Socket;
  heard = '';

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.socket = createConnection(Number(port), hostname);
    this.socket.on('data', (chunk) => (this.heard += chunk.toString('latin1')));
    this.socket.on('error', () => {});
  }

  write(data: string | Uint8Array): void {
    this.socket.write(data);
  }

  /** Waits until something has been heard, for as long as `patience` milliseconds. */
  async until(part: string, patience = 2_000): Promise<void> {
    const end = Date.now() + patience;
    while (!this.heard.includes(part)) {
      if (Date.now() > end)
        throw new Error(`${JSON.stringify(part)} was not heard, but ${JSON.stringify(this.heard)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Waits until the other side has ended the connection. */
  async closed(): Promise<void> {
    if (this.socket.closed || this.socket.readableEnded) return;
    await within(
      new Promise<void>((resolve) => this.socket.once('close', () => resolve()).once('end', () => resolve())),
      'the end of the connection',
    );
  }

  get status(): number {
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(this.heard)?.[1]);
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

/** The text of a request for {@link RawSocket}. */
export function rawText(init: RequestInit, path = '/mcp'): string {
  const body = typeof init.body === 'string' ? init.body : '';
  const fields = {
    host: 'localhost',
    'content-length': String(Buffer.byteLength(body)),
    ...(init.headers as Record<string, string>),
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  return [`${init.method ?? 'GET'} ${path} HTTP/1.1`, ...lines, '', body].join('\r\n');
}
