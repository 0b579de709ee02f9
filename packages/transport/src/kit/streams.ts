import type { JsonRpcMessage } from '@trunkline/protocol';
import { TransportError } from '../transport-error.ts';
import type { Receiver, Transport } from '../transport.ts';
import { channelTransport, type ChannelOptions } from './channel.ts';
import { encodeMessage } from './encode.ts';
import { linkClosed } from './outbox.ts';
import { ReplyRoutes } from './reply-routes.ts';
import { streamChannel, type ChunkCodec, type DuplexStreams } from './stream-channel.ts';

/** What {@link toStreams} may be told. */
export interface ToStreamsOptions extends Pick<Receiver, 'fault' | 'orphaned'> {
  /** Messages that may wait in the readable stream before the transport stops reading; 16 unless said. */
  readonly highWater?: number;
}

/**
 * Starts a transport and shows it as two web streams, with back-pressure both ways. The readable ends with the link,
 * after the last message; closing the writable, aborting it or cancelling the readable closes the link.
 */
export function toStreams(
  transport: Transport,
  { highWater = 16, ...hears }: ToStreamsOptions = {},
): DuplexStreams<JsonRpcMessage> {
  const routes = new ReplyRoutes(transport);
  let goOn = (): void => {};
  let started: Promise<void> | undefined;
  let closing = false;

  const source: UnderlyingDefaultSource<JsonRpcMessage> = {
    start(controller) {
      started = transport.start({
        ...hears,
        message(message, exchange) {
          routes.note(message, exchange);
          controller.enqueue(message);
          if ((controller.desiredSize ?? 0) > 0) return undefined;
          return new Promise((resolve) => (goOn = resolve));
        },
      });
      started.then(() => transport.closed).then(() => closeQuietly(controller), toldByStart);
      return started;
    },
    pull: () => goOn(),
    cancel: (reason) => transport.close(reason as Error),
  };
  const sink: UnderlyingSink<JsonRpcMessage> = {
    start(controller) {
      void transport.closed.then(({ cause }) => closing || controller.error(linkClosed(cause)));
      return started;
    },
    write: (message) => routes.send(message),
    close() {
      closing = true;
      return transport.close();
    },
    abort: (reason) => transport.close(reason as Error),
  };
  return {
    readable: new ReadableStream(source, { highWaterMark: highWater }),
    writable: new WritableStream(sink),
  };
}

/** What {@link fromStreams} may be told. */
export interface FromStreamsOptions extends ChannelOptions {
  /** The name of the binding; `streams` unless said. */
  readonly name?: string;
}

/** A transport over two streams of messages, which it owns from now on. Messages cross as JSON: never by reference. */
export function fromStreams(
  streams: DuplexStreams<JsonRpcMessage>,
  { name = 'streams', ...options }: FromStreamsOptions = {},
): Transport {
  return channelTransport({ name, lanes: 'shared' }, streamChannel(streams, AS_JSON), options);
}

const AS_JSON: ChunkCodec<JsonRpcMessage> = {
  decoder: ({ frame, fault }) => ({
    push(message) {
      let text: string;
      try {
        text = encodeMessage(message);
      } catch (cause) {
        return fault(new TransportError('malformed', 'the stream yielded what JSON cannot carry', { cause }));
      }
      frame(text);
    },
  }),
  encode: (frame) => JSON.parse(frame) as JsonRpcMessage,
  graceMs: 250,
};

function closeQuietly(controller: ReadableStreamDefaultController<JsonRpcMessage>): void {
  try {
    controller.close();
  } catch {
    // It was cancelled: it has ended already.
  }
}

function toldByStart(): void {}
