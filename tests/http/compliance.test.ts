import type { JsonObject, JsonRpcMessage } from '@trunkline/protocol';
import type { Acceptor, Exchange, Receiver, Transport } from '@trunkline/transport';
import {
  transportCompliance,
  type Capabilities,
  type Link,
  type Runner,
} from '@trunkline/transport-compliance';
import { httpClient } from '@trunkline/transport-http';
import { describe, test } from 'vitest';
import { FACES, modernMeta, open, signalled, type Face, type Opened } from './harness.ts';

const LIMIT = 256 * 1024;
const CAN: Capabilities = {
  lanes: 'per-request',
  sever: true,
  inject: 'frames exist only within a reply',
  peerAsks: 'the era has no requests of a server',
  backPressure: true,
  limit: LIMIT,
  volume: 300,
};

const runner: Runner = { describe, test };

/** What a legacy session does otherwise, and what a pool of connections makes impossible to measure. */
const BY_NATURE: ReadonlyMap<string, string> = new Map([
  [
    'an abort reaches the far side of its own lane, and no other',
    'a lost connection cancels nothing in this era',
  ],
  ['two lanes with the same id keep their answers apart', 'ids are unique within a session'],
]);
const POOLED: ReadonlyMap<string, string> = new Map([
  [
    'memory does not grow with the messages that went by',
    'the client’s pool keeps connections, and grows with them',
  ],
]);

/** A runner that leaves clauses out, and says why. */
function except(...exceptions: ReadonlyMap<string, string>[]): Runner {
  const reasons = new Map(exceptions.flatMap((some) => [...some]));
  const register: Runner['test'] = (name, body) => {
    const reason = reasons.get(name);
    return reason === undefined
      ? runner.test(name, body)
      : runner.test(`${name} (does not apply: ${reason})`, async (context) => context.skip(reason));
  };
  return { describe, test: register };
}

for (const face of FACES) {
  transportCompliance(
    `http client and server, modern, ${face} face`,
    () => modernLink(face),
    CAN,
    except(POOLED),
  );
  transportCompliance(
    `http client and server, legacy, ${face} face`,
    () => legacyLink(face),
    { ...CAN, peerAsks: 'the answers come in requests of their own' },
    except(POOLED, BY_NATURE),
  );
}

type Message = Parameters<Transport['send']>[0];

/** Every message carries the envelope of its era, which the far side does not show. */
async function modernLink(face: Face): Promise<Link> {
  let receiver: Receiver | undefined;
  const acceptor: Acceptor = {
    exchange: (message, exchange) => void receiver?.message(bare(message), exchange),
    link: () => Promise.reject(new Error('this era has no links')),
  };
  const opened = await open(face, acceptor);
  const near = httpClient(opened.url, { maxMessageBytes: LIMIT })();
  return {
    near: wrapped(near, (message, options) =>
      near.send(dressed(message), { ...options, revision: '2026-07-28' }),
    ),
    accept: (far) => void (receiver = far),
    sever: () => opened.sever(),
    release: () => closed(opened),
  };
}

/** The session is opened before the near end counts as started, so both sides show only what follows. */
async function legacyLink(face: Face): Promise<Link> {
  let receiver: Receiver | undefined;
  const acceptor: Acceptor = {
    exchange: () => {},
    link: (transport) =>
      transport.start({
        message: (message, exchange) =>
          opening(message, exchange) ? undefined : receiver?.message(message, exchange),
      }),
  };
  const opened = await open(face, acceptor);
  // Coming back to a server that is gone is tried elsewhere.
  const near = httpClient(opened.url, { maxMessageBytes: LIMIT, reconnect: { attempts: 0 } })();
  const options = { revision: '2025-11-25' };
  return {
    near: {
      ...wrapped(near, (message, more) => near.send(message, { ...more, ...options })),
      async start(own) {
        const { promise, fire: resolve } = signalled();
        await near.start({
          message: (message, exchange) =>
            'id' in message && message.id === 'open' ? resolve() : own.message(message, exchange),
          orphaned: (id, cause) => own.orphaned?.(id, cause),
          fault: (error, exchange) => own.fault?.(error, exchange),
        });
        await near.send({ jsonrpc: '2.0', id: 'open', method: 'initialize', params: {} }, options);
        await promise;
        await near.send({ jsonrpc: '2.0', method: 'notifications/initialized' }, options);
      },
    },
    accept: (far) => void (receiver = far),
    sever: () => opened.sever(),
    release: () => closed(opened),
  };
}

function wrapped(near: Transport, send: Transport['send']): Transport {
  return {
    binding: near.binding,
    closed: near.closed,
    start: (receiver) => near.start(receiver),
    send,
    close: (cause) => near.close(cause),
  };
}

async function closed(opened: Opened): Promise<void> {
  await opened[Symbol.asyncDispose]();
}

function opening(message: JsonRpcMessage, exchange: Exchange): boolean {
  if (!('method' in message)) return false;
  if (message.method === 'initialize' && 'id' in message) {
    void exchange.send({ jsonrpc: '2.0', id: message.id, result: { protocolVersion: '2025-11-25' } });
  }
  return message.method === 'initialize' || message.method === 'notifications/initialized';
}

function dressed(message: Message): Message {
  return {
    ...message,
    params: { ...message.params, _meta: modernMeta({ without: message.params === undefined }) },
  };
}

function bare(message: JsonRpcMessage): JsonRpcMessage {
  if (!('method' in message)) return message;
  const { params, ...rest } = message;
  const { _meta, ...own } = params ?? {};
  return (_meta as JsonObject | undefined)?.['without'] === true ? rest : { ...rest, params: own };
}
