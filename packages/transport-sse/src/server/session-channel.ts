import type { EventStream, EventStreams, HttpCall } from '@trunkline/http-host';
import type { Channel, ChannelEvents } from '@trunkline/transport';
import { Gate } from '../gate.ts';

/** The two halves of a session: the stream that a client listens on, and the frames that it posts. */
export class SessionChannel implements Channel {
  /** Closed while no frame may be put in. */
  readonly gate: Gate = new Gate();
  readonly #call: HttpCall;
  readonly #streams: EventStreams;
  readonly #endpoint: string;
  /** Whether the session has ended. */
  closed = false;
  #stream: EventStream | undefined;
  #events: ChannelEvents | undefined;

  /** Answers `call` once it is opened; `endpoint` is where the client is to post. */
  constructor(call: HttpCall, streams: EventStreams, endpoint: string) {
    this.#call = call;
    this.#streams = streams;
    this.#endpoint = endpoint;
    this.gate.close();
  }

  async open(events: ChannelEvents): Promise<void> {
    this.#events = events;
    this.#stream = this.#streams.open(this.#call);
    this.#call.onGone(() => events.closed());
    void this.#stream.send({ event: 'endpoint', data: this.#endpoint });
    this.gate.open();
  }

  write(frame: string): Promise<void> | void {
    return this.#stream?.send({ event: 'message', data: frame });
  }

  pause(): void {
    this.gate.close();
  }

  resume(): void {
    this.gate.open();
  }

  async close(): Promise<void> {
    this.closed = true;
    // A stream that was never opened is a request that was never answered.
    this.#call.refuse(500, 'the session could not be opened');
    this.#stream?.end();
    this.gate.open();
  }

  /** Takes a frame that was posted. */
  put(frame: string): void {
    this.#events?.frame(frame);
  }
}
