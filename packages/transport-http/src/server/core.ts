import { Countdown, EventStreams, type HttpHost } from '@trunkline/http-host';
import type { Acceptor } from '@trunkline/transport';

/** An answer that may still become a stream or stay plain. */
export interface Undecided {
  openStream(): void;
}

/** An answer that is owed. */
export interface Owed {
  /** The binding ends before the answer came. What was asked may have been done, so nothing invites to ask again. */
  abandon(): void;
}

/** What serving one message needs of the handler that it came to. */
export interface Core {
  readonly acceptor: Acceptor;
  readonly host: HttpHost;
  readonly streams: EventStreams;
  /** Those who wait here long enough become streams. */
  readonly undecided: Countdown<Undecided>;
  /** Those that no session would end. */
  readonly owed: Set<Owed>;
}

/** The parts that all messages of one handler share. */
export function createCore(acceptor: Acceptor, host: HttpHost, streamAfter: number): Core {
  return {
    acceptor,
    host,
    streams: new EventStreams(host),
    owed: new Set(),
    undecided: new Countdown<Undecided>(streamAfter, (answer) => answer.openStream()),
  };
}
