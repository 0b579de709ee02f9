/** Server-sent events, read and written within limits. */
export { sseDecoder, type SseDecoder, type SseDecoderOptions, type SseEvent } from './decode.ts';
export { encodeSse, SSE_KEEP_ALIVE, type SseOutput } from './encode.ts';
