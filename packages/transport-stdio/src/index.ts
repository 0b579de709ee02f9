/**
 * MCP over standard input and output: `stdioClient` starts a server process and links to it, `stdio` and `runStdio` serve
 * the process that started this one.
 */
export { stdioClient, type StdioProcess, type StdioTransport } from './client.ts';
export type {
  RestartPolicy,
  SpawnRequest,
  StdioClientOptions,
  StdioServerParameters,
  StopDeadlines,
} from './parameters.ts';
export { exitOf, type ProcessEnd, type ProcessExit } from './process-exit.ts';
export { stdioServer, type StdioServerOptions } from './server.ts';
export { runStdio, stdio, type StdioOptions } from './stdio.ts';
export type { PathKind, System } from './system.ts';
