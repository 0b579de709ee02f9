/** MCP over Streamable HTTP, in both eras. */
export { httpClient } from './client/http-client.ts';
export type { HttpClientOptions, HttpHeaders, ReconnectOptions } from './client/options.ts';
