import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AuthError } from '../auth-error.ts';
import { untilAborted } from '../client/until-aborted.ts';

/** How a user of a command-line program is sent to a browser and back. */
export interface LoopbackReceiverOptions {
  /** Shows the user the address to open. Whoever starts a browser with it must not go through a shell. */
  readonly show: (url: string) => void | Promise<void>;
  /** The port; any free one unless given. Authorization servers that compare whole addresses need a fixed one. */
  readonly port?: number;
  /** The path; `/callback` unless given. */
  readonly path?: string;
}

/** Listens on this machine for users who come back. What `authorizationCode` needs. */
export interface LoopbackReceiver extends AsyncDisposable {
  readonly redirectUri: string;
  readonly authorize: (this: void, url: string, options: { readonly signal: AbortSignal }) => Promise<URL>;
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1, and keeps the process alive only while a sign-in waits. Answers to other requests than those that
 * wait change nothing, and nothing of an answer shows in the page. Rejects with `misuse` if the port is taken.
 * https://www.rfc-editor.org/rfc/rfc8252#section-7.3
 */
export async function loopbackReceiver(options: LoopbackReceiverOptions): Promise<LoopbackReceiver> {
  const { show, port = 0, path = '/callback' } = options;
  const waiting = new Map<string, (answer: URL) => void>();
  const server = createServer({ maxHeaderSize: 16_384 }, (request, response) => {
    receive(request, response, { base: redirectUri, waiting });
  });
  await listen(server, port);
  server.unref();
  const redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    if (server.listening) await new Promise<void>((resolve) => void server.close(() => resolve()));
  };
  return {
    redirectUri,
    authorize: async (url, { signal }) => {
      const state = new URL(url).searchParams.get('state') ?? '';
      const answer = new Promise<URL>((resolve) => waiting.set(state, resolve));
      server.ref();
      try {
        await show(url);
        return await untilAborted(answer, signal);
      } finally {
        waiting.delete(state);
        if (waiting.size === 0) server.unref();
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function receive(
  { method, url = '', headers: { host } }: IncomingMessage,
  response: ServerResponse,
  { base, waiting }: { base: string; waiting: ReadonlyMap<string, (answer: URL) => void> },
): void {
  const own = new URL(base);
  // A page that resolves its own name to this machine has another name in this field.
  const ours = method === 'GET' && host === own.host && url.startsWith('/') && URL.canParse(url, own);
  const answer = ours ? new URL(url, own) : undefined;
  const take =
    answer?.pathname === own.pathname ? waiting.get(answer.searchParams.get('state') ?? '') : undefined;
  page(response, take ? 200 : 404, take ? 'You may close this window.' : 'Nobody waits for this.');
  if (answer) take?.(answer);
}

function page(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    connection: 'close',
  });
  response.end(`<!doctype html><title>Sign-in</title><p>${text}</p>`);
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new AuthError('misuse', `127.0.0.1:${port} cannot be listened on; give another port`, { cause }),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}
