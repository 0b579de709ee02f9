import { nodeFace, type NodeHandler } from '@trunkline/http-host/node';
import type { HttpHandler } from '../handler.ts';

/**
 * The direct face of a handler for `node:http`, Express, Fastify and the like: no `Request` and no `Response` is made. It
 * shares sessions and limits with the handler's `fetch`.
 */
export function toNodeHandler({ host, route }: HttpHandler): NodeHandler {
  return nodeFace(host, route);
}
