import type { Receiver, Transport } from '@trunkline/transport';

/** One link under test, made fresh for every case. */
export interface Link {
  /** The end under test, not started yet. */
  readonly near: Transport;
  /** Installs the far side, which then answers. Called once, before `near` starts. */
  accept(receiver: Receiver): Promise<void> | void;
  /** Kills the far side without a goodbye. */
  sever?(): Promise<void> | void;
  /** Puts raw text where `near` reads its frames. */
  inject?(raw: string): Promise<void> | void;
  /** Releases what `near.close()` does not: the far side, a server. */
  release?(): Promise<void> | void;
}

/** Makes a fresh link. No two links share anything that a message could cross by. */
export type Setup = () => Promise<Link> | Link;

/** `true`, or the reason why not, which the report shows beside every case that is left out for it. */
export type Can = true | string;

/** What a binding can do, said once: cases that need more are skipped with the reason. */
export interface Capabilities {
  /** One ordered channel, or a lane for each request. */
  readonly lanes: Transport['binding']['lanes'];
  /** `Link.sever` kills the far side. */
  readonly sever: Can;
  /** `Link.inject` puts raw text on the wire. */
  readonly inject: Can;
  /** The far side may send requests of its own on the exchange of a request. */
  readonly peerAsks: Can;
  /** A reader that stops makes the writer wait. */
  readonly backPressure: Can;
  /** Longest message that the near end accepts, in bytes, or why there is no such limit. */
  readonly limit: number | string;
  /** Messages of the cases about volume; 10,000 unless said. */
  readonly volume?: number;
  /** How long an event that must come may take, in milliseconds; 2,000 unless said. */
  readonly patience?: number;
}
