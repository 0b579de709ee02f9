import type { IncomingMessage } from 'node:http';
import { networkError } from '@trunkline/http-host/client';
import { TransportError } from '@trunkline/transport';
import { WebSocket } from 'ws';
import { CLIENT_MAX_LENGTH, CONNECT_TIMEOUT, SUBPROTOCOL } from '../binding.ts';
import type { WebSocketClientOptions } from './options.ts';
import { wireLimits } from './wire-limits.ts';

/** Resolves with an open socket that is paused; rejects with why there is none, or with the reason of the signal. */
export async function connect(
  address: URL,
  options: WebSocketClientOptions,
  signal: AbortSignal,
): Promise<WebSocket> {
  const {
    headers = {},
    connectTimeout = CONNECT_TIMEOUT,
    maxMessageBytes = CLIENT_MAX_LENGTH,
    agent,
  } = options;
  const fields = typeof headers === 'function' ? await headers() : headers;
  signal.throwIfAborted();
  const socket = new WebSocket(address, [SUBPROTOCOL], {
    ...wireLimits(maxMessageBytes),
    headers: { ...fields },
    ...(agent && { agent }),
  });
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      settle();
      reject(error);
      socket.terminate();
    };
    const onAbort = (): void => fail(signal.reason as Error);
    const timer = setTimeout(() => fail(tooSlow(address, connectTimeout)), connectTimeout);
    const settle = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    signal.addEventListener('abort', onAbort);
    socket
      .once('open', () => {
        settle();
        socket.pause();
        resolve(socket);
      })
      .once('unexpected-response', (_, response) => void refusal(address, response).then(fail, fail))
      // Stays, because an error that nobody hears would end the process.
      .on('error', (cause) => fail(failure(address, cause)));
  });
}

function tooSlow({ host }: URL, timeout: number): TransportError {
  const reason = `${host} did not open a WebSocket within ${timeout} ms`;
  return new TransportError('connect-timeout', reason, { delivery: 'not-sent' });
}

/** An error of the network has a code; one without is about an answer that opens no WebSocket for us. */
function failure(address: URL, cause: Error): TransportError {
  if ('code' in cause) return networkError(address.href, cause);
  const reason = `${address.host} did not open a WebSocket for the subprotocol ${SUBPROTOCOL}: ${cause.message}`;
  return new TransportError('refused', reason, { cause, delivery: 'not-sent' });
}

/** What an answer says that is not the switch to another protocol. */
async function refusal({ host }: URL, response: IncomingMessage): Promise<TransportError> {
  const { statusCode: status = 0, headers } = response;
  if (status >= 300 && status < 400) {
    response.resume();
    const reason = `${host} redirects to ${JSON.stringify(headers.location ?? '')}; connect to the final address`;
    return new TransportError('redirect-blocked', reason, { status, delivery: 'not-sent' });
  }
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > MAX_EXCERPT) break;
  }
  const said = text.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_EXCERPT);
  const reason = `${host} answered with status ${status}${said === '' ? '' : `: ${said}`}`;
  return new TransportError('refused', reason, { status, delivery: 'not-sent' });
}

const MAX_EXCERPT = 200;
