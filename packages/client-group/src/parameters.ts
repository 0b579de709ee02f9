import type { Client } from '@trunkline/session';
import type { Dial, Transport } from '@trunkline/transport';

/** A server that is a process of its own, as `mcpServers` files describe it. */
export interface StdioServerParameters {
  readonly type?: 'stdio' | undefined;
  readonly command: string | readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A server that speaks the deprecated HTTP with SSE. Times in milliseconds. */
export interface SseServerParameters {
  readonly type: 'sse';
  readonly url: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Without answer or progress after which a call fails. */
  readonly timeout?: number;
  /** Without any event after which the stream counts as dead. */
  readonly sseReadTimeout?: number;
}

/** A server that speaks Streamable HTTP. Times in milliseconds. */
export interface StreamableHttpParameters {
  readonly type?: 'http' | 'streamable-http' | 'streamableHttp' | undefined;
  readonly url: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** POST and nothing else: it is here so that another one is refused and not ignored. */
  readonly method?: string;
  readonly timeout?: number;
  readonly terminateOnClose?: boolean;
}

/** A server that is reached over a WebSocket. */
export interface WebSocketParameters {
  readonly type: 'ws' | 'websocket';
  readonly url: string | URL;
}

/** A server as plain data. */
export type ServerParameters =
  | StdioServerParameters
  | SseServerParameters
  | StreamableHttpParameters
  | WebSocketParameters;

/** Whatever a session can be opened with. Of several dials the first is taken that the server does not turn away. */
export type ServerSource = ServerParameters | Dial | readonly Dial[] | Transport;

/** What dials each kind of server: the functions of the transport packages, as they are. Only what is used is needed. */
export interface Dialers {
  /** `stdioClient` of `@trunkline/transport-stdio`. */
  readonly stdio?: (parameters: StdioServerParameters, options: StdioDialing) => Dial;
  /** `httpClient` of `@trunkline/transport-http`. */
  readonly http?: (url: string | URL, options: HttpDialing) => Dial;
  /** `sseClient` of `@trunkline/transport-sse`. */
  readonly sse?: (url: string | URL, options: SseDialing) => Dial;
  /** `webSocketClient` of `@trunkline/transport-ws`. */
  readonly webSocket?: (url: string | URL) => Dial;
}

/** When a process that keeps ending may be started again: the policy of `@trunkline/transport-stdio`. Times in milliseconds. */
export interface RestartPolicy {
  readonly firstDelayMs?: number;
  readonly maxDelayMs?: number;
  readonly maxRestarts?: number;
  readonly windowMs?: number;
}

/** What a group tells the dialer of processes. */
export interface StdioDialing {
  readonly restart?: RestartPolicy;
}

/** What a group tells the dialer of Streamable HTTP. */
export interface HttpDialing {
  readonly headers?: Readonly<Record<string, string>>;
  readonly terminateOnClose?: boolean;
}

/** What a group tells the dialer of HTTP with SSE. */
export interface SseDialing {
  readonly headers?: Readonly<Record<string, string>>;
  readonly sseReadTimeout?: number;
}

/** A server to open a session with, or an open session that somebody else owns. */
export type Origin = { readonly target: Dial | readonly Dial[] | Transport } | { readonly adopted: Client };
