// For everybody.
export type * from './transport.ts';
export {
  TransportError,
  isTransportError,
  type TransportErrorCode,
  type TransportErrorOptions,
} from './transport-error.ts';
export type { Listener, Listening, ListenOptions } from './listener.ts';
// For authors of transports.
export {
  channelTransport,
  type Channel,
  type ChannelEvents,
  type ChannelLimits,
  type ChannelOptions,
} from './kit/channel.ts';
export { decodeFrame, oversized, type DecodeLimits } from './kit/decode.ts';
export { encodeMessage } from './kit/encode.ts';
export { lineDecoder, type LineDecoder, type LineDecoderOptions } from './kit/lines.ts';
export { lineChannel, type LineChannelOptions } from './kit/line-channel.ts';
export { messagePortTransport, type PortLike } from './kit/message-port.ts';
export { trackAnswers, type AnsweringTransport } from './kit/track-answers.ts';
export type { DuplexStreams } from './kit/stream-channel.ts';
// For programs that want a link in another form.
export { fromStreams, toStreams, type FromStreamsOptions, type ToStreamsOptions } from './kit/streams.ts';
export { pullTransport, type PullOptions, type PullTransport, type ReceiveOptions } from './kit/pull.ts';
export { tap, type PassInbound, type PassOutbound, type Tap } from './kit/tap.ts';
