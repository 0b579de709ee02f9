import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpHandler, type HttpHandlerOptions } from '@trunkline/transport-http';
import { toNodeHandler } from '@trunkline/transport-http/node';
import { subject } from './subject.ts';

/** Something that listens on this machine. */
export interface Served extends AsyncDisposable {
  readonly origin: string;
}

/** Answers on a free port. */
export async function listenOn(listener: RequestListener): Promise<Served> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Serves the subject over HTTP in both eras. */
export async function serveSubject(options: HttpHandlerOptions = {}): Promise<Served> {
  const handler = createHttpHandler(subject(), options);
  const served = await listenOn(toNodeHandler(handler));
  return {
    origin: served.origin,
    async [Symbol.asyncDispose]() {
      await handler.close({ grace: 0 });
      await served[Symbol.asyncDispose]();
    },
  };
}
