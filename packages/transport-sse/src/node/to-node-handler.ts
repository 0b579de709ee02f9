import { nodeFace, type NodeHandler } from '@trunkline/http-host/node';
import type { SseServer } from '../server/sse-server.ts';

/** The direct face of a server for `node:http`, Express, Fastify and the like; both paths go to it. */
export function toNodeHandler({ host, route }: SseServer): NodeHandler {
  return nodeFace(host, route);
}
