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
export { lineChannel, type ByteStreams, type LineChannelOptions } from './kit/line-channel.ts';
