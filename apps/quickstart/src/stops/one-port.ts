import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Era } from '@trunkline/protocol';
import { httpClient } from '@trunkline/transport-http';
import type { Dial } from '@trunkline/transport';
import { sseClient } from '@trunkline/transport-sse';
import { webSocketClient } from '@trunkline/transport-ws/node';
import type { Stop } from '../stop.ts';
import { drive } from './drive.ts';
import { answeringUser, REPOSITORY_SERVER, visit } from './own-server.ts';

/** The same server on one port, reached over every network transport that an era has. */
export const onePort: Stop = {
  title: '2. The same server on one port: Streamable HTTP, WebSocket, and the older HTTP+SSE',
  async *legs() {
    const server = await startOnPort();
    try {
      for (const [transport, era, dial] of waysTo(server.url)) {
        yield await drive(
          { server: 'repository-server', transport, dial, options: { eras: [era], ...answeringUser } },
          visit,
        );
      }
    } finally {
      await server.stop();
    }
  },
};

/** A server process that listens on a port. */
export interface ServerOnPort {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the repository's server on a free port. Rejects if it ends before it listens. */
export async function startOnPort(): Promise<ServerOnPort> {
  const child = spawn(process.execPath, [...REPOSITORY_SERVER, '--port'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const line = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    ended.then(() => ['it ended before it listened']),
  ]);
  const url = String(line[0]);
  if (!URL.canParse(url)) throw new Error(`the server did not start: ${url}`);
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function waysTo(url: string): readonly (readonly [transport: string, era: Era, dial: Dial])[] {
  const socket = url.replace('http', 'ws');
  return [
    ['http', 'modern', httpClient(url)],
    ['http', 'legacy', httpClient(url)],
    ['websocket', 'modern', webSocketClient(socket)],
    ['websocket', 'legacy', webSocketClient(socket)],
    ['http+sse', 'legacy', sseClient(new URL('/sse', url))],
  ];
}
