/** MCP over Streamable HTTP, in both eras. */
export { httpClient } from './client/http-client.ts';
export type { HttpClientOptions, HttpSendOptions, ReconnectOptions } from './client/options.ts';
export type { HttpHeaders } from '@trunkline/http-host/client';
export { createHttpHandler, type HttpHandler } from './handler.ts';
export type { HttpHandlerOptions, LegacyOptions, ResumptionOptions } from './server/options.ts';
export type {
  Challenge,
  CorsOptions,
  FetchInfo,
  HttpLimits,
  HttpOrigin,
  RequestHead,
  TransportSecuritySettings,
  Verify,
} from '@trunkline/http-host';
