import type { HttpHeaders, RequestOptions } from '@trunkline/http-host/client';
import type { DecodeLimits } from '@trunkline/transport';

/** How a server is reached over HTTP. */
export interface HttpClientOptions extends RequestOptions {
  /** Bytes that one answer or one event may have, after decompression. 16 MiB unless given. */
  readonly maxMessageBytes?: number;
  /** What one message may hold, beside its bytes: depth, elements. */
  readonly message?: DecodeLimits;
  /** Milliseconds for which an answer that has begun may be silent, keep-alive included; 300,000 unless given. */
  readonly idleTimeout?: number;
  /** How a broken stream of a legacy session is taken up again. */
  readonly reconnect?: ReconnectOptions;
  /** Whether closing tells a legacy server to forget the session, within two seconds. True unless given. */
  readonly terminateOnClose?: boolean;
}

/** How often, and after which pauses, a stream is taken up again. The pause grows and is drawn at random below its bound. */
export interface ReconnectOptions {
  /** Milliseconds below which the first pause is drawn. 1,000 unless given. */
  readonly initialDelay?: number;
  /** Milliseconds that no pause of ours exceeds; the server may ask for more. 30,000 unless given. */
  readonly maxDelay?: number;
  /** Attempts without any new event in between. 10 unless given; 0 never takes a stream up again. */
  readonly attempts?: number;
}

/** What one message may bring for its own HTTP request. */
export interface HttpSendOptions {
  /** Sent beside the headers of the link, and instead of those with the same name. */
  readonly headers?: HttpHeaders;
}

declare module '@trunkline/transport' {
  interface SendOptions {
    /** For bindings over HTTP. */
    readonly http?: HttpSendOptions;
  }
}
