/** The Node side of MCP over Streamable HTTP: the direct face of a handler, and a listener. */
export { http, runHttp, type HttpOptions } from './node/http.ts';
export { toNodeHandler } from './node/to-node-handler.ts';
