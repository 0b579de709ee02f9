import type { HttpHostOptions } from '@trunkline/http-host';
import type { Era } from '@trunkline/protocol';
import type { Store } from '@trunkline/store';
import type { DecodeLimits } from '@trunkline/transport';

/** How a server is offered over HTTP. Nothing needs to be set to serve both eras. */
export interface HttpHandlerOptions extends HttpHostOptions {
  /** The eras served; both unless given. */
  readonly eras?: readonly Era[];
  /** What one message may hold, beside its bytes: depth, elements, messages in a batch. */
  readonly message?: DecodeLimits;
  /** Milliseconds after which a call that is not answered yet becomes a stream, so that nothing on the way gives up on it; 10,000 unless given. */
  readonly streamAfter?: number;
  /** How clients of the legacy era are served. */
  readonly legacy?: LegacyOptions;
}

/** How sessions of the legacy era are kept. */
export interface LegacyOptions {
  /** Whether clients get a session. Without, each request stands alone and the server cannot ask its client. True unless given. */
  readonly sessions?: boolean;
  /** Where sessions and their events are kept; in memory unless given. */
  readonly store?: Store;
  /** Sessions in this process; 10,000 unless given. More is answered with 503. */
  readonly maxSessions?: number;
  /** Sessions of one verified identity; 100 unless given. More is answered with 429. */
  readonly maxSessionsPerPrincipal?: number;
  /** Milliseconds for which a session may do nothing, with no stream open and no call running; 1,800,000 unless given. */
  readonly idleTimeout?: number;
  /** Milliseconds in which a new session must say that it is initialized; 10,000 unless given. */
  readonly readyTimeout?: number;
  /** Messages that may wait for the stream on which the server speaks first; 1,024 unless given. */
  readonly maxWaiting?: number;
  /** `json`: a plain answer unless something must be said before it. `stream`: always a stream, which survives a lost connection from the start. `json` unless given. */
  readonly answers?: 'json' | 'stream';
  /** How much of its streams a session can repeat to a client that lost them. `false`: nothing. */
  readonly resumption?: ResumptionOptions | false;
}

/** How much of the streams of a session is kept. */
export interface ResumptionOptions {
  /** Events; 1,000 unless given. The oldest are forgotten first, and whoever needs them is told so. */
  readonly maxEvents?: number;
  /** Bytes of these events; 4 MiB unless given. */
  readonly maxBytes?: number;
  /** Milliseconds after the newest event; 300,000 unless given. */
  readonly window?: number;
}
