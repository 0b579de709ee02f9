import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpHost, Route } from '../host.ts';
import { NodeCall, type NodeInfo } from './node-call.ts';

/** Answers the requests of a `node:http` server, or of a framework on it; a third argument that is a function is ignored. */
export type NodeHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  info?: NodeInfo | ((error?: unknown) => void),
) => void;

/** The direct face for Node: no `Request` and no `Response` is made. It sees the connection, so `Host` is checked by its local address. */
export function nodeFace(host: HttpHost, route: Route): NodeHandler {
  return (request, response, info) => {
    host.handle(new NodeCall(host, request, response, typeof info === 'function' ? undefined : info), route);
  };
}
