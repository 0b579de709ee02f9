import { isRequest, isResponse, type JsonRpcMessage } from '@trunkline/protocol';
import {
  decodeFrame,
  encodeMessage,
  TransportError,
  type Exchange,
  type Receiver,
} from '@trunkline/transport';
import { transportCompliance, type Capabilities, type Link } from '@trunkline/transport-compliance';
import { describe, test, vi } from 'vitest';
import { LEGACY, MODERN } from '../fixtures/linked.ts';
import { event, scripted, type Hit } from '../fixtures/scripted-server.ts';
import { HttpLink } from './link.ts';
import { requestsTo } from '@trunkline/http-host/client';

// Each message is an HTTP request here.
vi.setConfig({ testTimeout: 20_000 });

const LIMIT = 256 * 1024;

const can: Capabilities = {
  lanes: 'per-request',
  sever: true,
  inject: 'frames exist only within a reply',
  peerAsks: 'the answers come in requests of their own',
  backPressure: true,
  limit: LIMIT,
  volume: 200,
};

for (const [answers, revision] of [
  ['json', MODERN],
  ['stream', MODERN],
  ['stream', LEGACY],
] as const) {
  transportCompliance(`http client, ${answers} of ${revision}`, () => link(answers, revision), can, {
    describe,
    test,
  });
}

/** A client whose every message is of this revision, and a server that brings each to the receiver. */
async function link(answers: 'json' | 'stream', revision: string): Promise<Link> {
  let receiver: Receiver | undefined;
  const server = await scripted(
    (hit) => void (receiver ? take(hit, receiver, answers) : hit.response.destroy()),
    { keep: false },
  );
  const near = new HttpLink(requestsTo(server.url, {}), { maxMessageBytes: LIMIT });
  return {
    near: {
      binding: near.binding,
      closed: near.closed,
      start: (own) => near.start(own),
      send: (message, options) => near.send(message, { ...options, revision }),
      close: (cause) => near.close(cause),
    },
    accept: (far) => void (receiver = far),
    sever() {
      receiver = undefined;
      server.cut();
    },
    release: () => server.close(),
  };
}

function take(hit: Hit, receiver: Receiver, answers: 'json' | 'stream'): void {
  const { response } = hit;
  const message = decodeFrame(hit.text) as JsonRpcMessage;
  if (!isRequest(message)) {
    void receiver.message(
      message,
      exchangeOf(hit, () => Promise.resolve()),
    );
    if (!response.headersSent) hit.reply(202);
    return;
  }
  let drained: Promise<void> | undefined;
  const begin = (): void => {
    if (!response.headersSent) hit.stream();
  };
  if (answers === 'stream') begin();
  const send: Exchange['send'] = (reply) => {
    const isAnswer = 'json' in reply || isResponse(reply);
    const text = encodeMessage(reply);
    if (isAnswer && !response.headersSent) {
      hit.reply(200, text, { 'content-type': 'application/json' });
      return Promise.resolve();
    }
    begin();
    const room = response.write(event(text));
    if (isAnswer) response.end();
    if (room || isAnswer) return Promise.resolve();
    drained ??= new Promise((resolve) => {
      response.once('close', resolve).once('drain', () => {
        response.off('close', resolve);
        drained = undefined;
        resolve();
      });
    });
    return drained;
  };
  void receiver.message(message, exchangeOf(hit, send));
}

function exchangeOf({ response }: Hit, send: Exchange['send']): Exchange {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const exchange: Exchange = {
    signal: gone.signal,
    origin: {},
    get scope() {
      return exchange;
    },
    send: (message) =>
      response.destroyed || response.writableEnded
        ? Promise.reject(new TransportError('closed', 'the client is gone'))
        : send(message),
    end: () => void response.end(),
  };
  return exchange;
}
