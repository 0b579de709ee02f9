import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A port of this machine behind which the server may be exchanged, killed, and come back. */
export interface Host extends AsyncDisposable {
  readonly url: string;
  /** The requests that came, by method, and of a POST by the method in it where the test reads it. */
  readonly requests: readonly string[];
  /** Who answers from now on. */
  serve(listener: Listener): void;
  /** Cuts every connection; new ones are taken again. */
  cut(): void;
  /** Cuts every connection and takes no more. */
  down(): Promise<void>;
  up(): Promise<void>;
}

export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** Opens a port. */
export async function openHost(first: Listener): Promise<Host> {
  let listener = first;
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.method ?? '');
    listener(request, response);
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const down = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    requests,
    serve: (next) => void (listener = next),
    cut: () => server.closeAllConnections(),
    down,
    up: () => listen(port),
    [Symbol.asyncDispose]: down,
  };
}
