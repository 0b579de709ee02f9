import type { AuthInfo } from '@trunkline/transport';
import { HttpCall, type Outlet } from './call.ts';
import type { Fields } from './head.ts';
import type { HttpHost, Route } from './host.ts';

/** What a framework knows of a request beside the request. */
export interface FetchInfo {
  /** The identity, where the framework verified it. */
  readonly auth?: AuthInfo;
  /** The body, where the framework parsed it. The limits hold for it too. */
  readonly body?: unknown;
}

/** Answers requests wherever `Request` and `Response` are known. */
export type FetchHandler = (request: Request, info?: FetchInfo) => Promise<Response>;

/** The face for Hono, Bun, Deno, Workers and the like. It sees no connection, so `Host` is checked against names alone. */
export function fetchFace(host: HttpHost, route: Route): FetchHandler {
  return (request, info) =>
    new Promise((resolve) => host.handle(new FetchCall(host, request, info, resolve), route));
}

class FetchCall extends HttpCall {
  readonly method: string;
  readonly url: string;
  readonly atLoopback = undefined;
  readonly #host: HttpHost;
  readonly #request: Request;
  readonly #parsed: unknown;
  readonly #respond: (response: Response) => void;
  #url: URL | undefined;

  constructor(
    host: HttpHost,
    request: Request,
    info: FetchInfo | undefined,
    respond: (response: Response) => void,
  ) {
    super(host, info?.auth);
    this.#host = host;
    this.#request = request;
    this.#parsed = info?.body;
    this.#respond = respond;
    this.method = request.method;
    this.url = request.url.slice(request.url.indexOf('/', request.url.indexOf('://') + 3));
  }

  header(name: string): string | undefined {
    const value = this.#request.headers.get(name);
    if (value !== null) return value;
    // Where a platform keeps the field to itself, the address says the same.
    return name === 'host' ? (this.#url ??= new URL(this.#request.url)).host : undefined;
  }

  protected watch(): void {
    const { signal } = this.#request;
    if (signal.aborted) queueMicrotask(() => this.gone());
    else signal.addEventListener('abort', () => this.gone(), { once: true });
  }

  protected async readBody(limit: number, counted: boolean): Promise<string | undefined> {
    try {
      if (this.#parsed !== undefined) return this.#takeParsed(limit, counted);
      const bytes = counted
        ? new Uint8Array(await this.#request.arrayBuffer())
        : await this.#readChunks(limit);
      if (bytes === undefined) return undefined;
      if (bytes.byteLength > limit) return this.refuseLength(limit);
      return decode(bytes) ?? this.refuseBytes();
    } catch {
      // The client left in the middle of it.
      this.done();
      return undefined;
    }
  }

  protected writeWhole(status: number, headers: Fields, body: string): void {
    this.#respond(new Response(body === '' ? null : body, { status, headers }));
  }

  protected writeStream(status: number, headers: Fields): Outlet {
    const outlet = new StreamOutlet(
      this.#host,
      () => this.gone(),
      () => this.done(),
    );
    this.#respond(new Response(outlet.readable, { status, headers }));
    return outlet;
  }

  #takeParsed(limit: number, counted: boolean): string | undefined {
    const text = textOf(this.#parsed);
    const { length } = new TextEncoder().encode(text);
    if (length > limit) return this.refuseLength(limit);
    return counted || this.hold(length) ? text : undefined;
  }

  async #readChunks(limit: number): Promise<Uint8Array | undefined> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of this.#request.body ?? []) {
      size += chunk.byteLength;
      if (size > limit) return this.refuseLength(limit);
      if (!this.hold(chunk.byteLength)) return undefined;
      chunks.push(chunk);
    }
    const whole = new Uint8Array(size);
    let at = 0;
    for (const chunk of chunks) {
      whole.set(chunk, at);
      at += chunk.byteLength;
    }
    return whole;
  }
}

/** The JSON text of a body that a framework took. */
export function textOf(parsed: unknown): string {
  if (typeof parsed === 'string') return parsed;
  return parsed instanceof Uint8Array ? (decode(parsed) ?? '') : (JSON.stringify(parsed) ?? '');
}

const UTF8 = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

const HIGH_WATER = 64 * 1024;

/** Writes a `ReadableStream`. */
class StreamOutlet implements Outlet {
  readonly readable: ReadableStream<Uint8Array>;
  readonly #maxPending: number;
  readonly #writeStall: number;
  readonly #done: () => void;
  readonly #gone: () => void;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #room:
    | { readonly promise: Promise<void>; readonly resolve: () => void; readonly timer: unknown }
    | undefined;

  constructor({ limits }: HttpHost, gone: () => void, done: () => void) {
    this.#maxPending = limits.maxPendingBytes;
    this.#writeStall = limits.writeStall;
    this.#gone = gone;
    this.#done = done;
    const source: UnderlyingDefaultSource<Uint8Array> = {
      start: (controller) => void (this.#controller = controller),
      pull: () => this.#makeRoom(),
      cancel: () => this.#leave(),
    };
    this.readable = new ReadableStream(source, {
      highWaterMark: HIGH_WATER,
      size: (chunk) => chunk.byteLength,
    });
  }

  write(text: string): Promise<void> | undefined {
    if (!this.#controller) return undefined;
    const bytes = new TextEncoder().encode(text);
    const pending = HIGH_WATER - (this.#controller.desiredSize ?? 0);
    if (pending + bytes.byteLength > this.#maxPending) {
      this.#breakOff();
      return undefined;
    }
    this.#controller.enqueue(bytes);
    return (this.#controller.desiredSize ?? 0) > 0 ? undefined : this.#awaitRoom();
  }

  end(): void {
    this.#controller?.close();
    this.#controller = undefined;
    this.#makeRoom();
    this.#done();
  }

  #awaitRoom(): Promise<void> {
    if (!this.#room) {
      let resolve: () => void = () => {};
      const promise = new Promise<void>((settle) => (resolve = settle));
      this.#room = { promise, resolve, timer: setTimeout(() => this.#breakOff(), this.#writeStall) };
    }
    return this.#room.promise;
  }

  #makeRoom(): void {
    clearTimeout(this.#room?.timer as number);
    this.#room?.resolve();
    this.#room = undefined;
  }

  #breakOff(): void {
    this.#controller?.error(new Error('the reader was too slow'));
    this.#leave();
  }

  #leave(): void {
    this.#controller = undefined;
    this.#makeRoom();
    this.#gone();
  }
}
