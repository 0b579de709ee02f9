import {
  isMcpError,
  ProtocolError,
  type Implementation,
  type JsonRpcNotification,
  type LoggingMessageNotificationParams,
  type RequestId,
} from '@trunkline/protocol';
import type { Dial, Transport, TransportError } from '@trunkline/transport';
import { callListener } from './call-listener.ts';
import { changeIn } from './changes.ts';
import { Client } from './client.ts';
import type { ClientLink } from './client-link.ts';
import type { ClientOptions } from './client-options.ts';
import { systemClock } from './clock.ts';
import { Dispatcher } from './dispatcher.ts';
import { negotiate } from './era/negotiate.ts';
import { declaredBy } from './inputs.ts';
import { harmless, silent, type Logger } from './logger.ts';
import { Peer } from './peer.ts';
import { ServerRequest } from './server-requests.ts';
import { SessionError } from './session-error.ts';

const DEFAULT_INFO: Implementation = { name: 'trunkline', version: '1.0.0' };
const MAX_SERVER_REQUESTS = 128;
const MAX_ANSWER_TIME = 600_000;

/**
 * Opens a session with a server of either era. Of several dials the first is taken that the server does not turn away.
 * Rejects with what made it impossible: a `TransportError` (no link), a `SessionError` or a `RemoteError` (no session).
 */
export async function connect(
  target: Dial | Transport | readonly Dial[],
  options: ClientOptions = {},
): Promise<Client> {
  const dials = dialsOf(target);
  for (const [index, dial] of dials.entries()) {
    try {
      return await open(dial, options, isDial(target));
    } catch (error) {
      if (index === dials.length - 1 || !wasTurnedAway(error)) throw error;
    }
  }
  throw new SessionError('misuse', 'connect needs at least one dial');
}

async function open(dial: Dial, options: ClientOptions, again: boolean): Promise<Client> {
  const openLink = (signal: AbortSignal | undefined): Promise<ClientLink> => openOver(dial, options, signal);
  return new Client(await openLink(options.signal), options, again ? openLink : undefined);
}

async function openOver(
  dial: Dial,
  options: ClientOptions,
  signal: AbortSignal | undefined,
): Promise<ClientLink> {
  const wiring = new Wiring(options);
  const link = await negotiate(dial, {
    eras: options.eras ?? ['modern', 'legacy'],
    info: options.info ?? DEFAULT_INFO,
    capabilities: declaredBy(options),
    signal,
    probeTimeout: options.probeTimeout ?? 5_000,
    timeout: options.openTimeout ?? 30_000,
    wire: (transport) => wiring.wire(transport),
  });
  wiring.link = link;
  const { cache } = options;
  if (cache) link.onChange = (change) => cache.invalidate(change);
  return link;
}

/** Brings what a server starts to the handlers that the client was given. */
class Wiring {
  link: ClientLink | undefined;
  readonly #options: ClientOptions;
  readonly #logger: Logger;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#logger = harmless(options.logger ?? silent);
  }

  wire(transport: Transport): Peer {
    const { clock = systemClock, maxPending } = this.#options;
    const logger = this.#logger;
    const dispatcher = new Dispatcher({
      clock,
      maxRunning: MAX_SERVER_REQUESTS,
      maxDuration: MAX_ANSWER_TIME,
      onError: (error, method) => logger.error(`could not answer ${method}`, error),
    });
    const peer: Peer = new Peer(
      transport,
      {
        request: (request, exchange) => {
          if (this.link?.era.serverMayAsk === false) {
            return logger.warn(
              'ignored a request',
              new ProtocolError(
                'not-allowed',
                `the server sent ${request.method}, but servers send no requests in this revision`,
              ),
            );
          }
          dispatcher.run(
            request.id,
            new ServerRequest(request, exchange, this.#options, this.link?.opened.serverInfo),
          );
        },
        notification: (notification) => {
          if (notification.method === 'notifications/cancelled')
            this.#cancelled(notification, peer, dispatcher);
          else this.#notified(notification);
        },
        fault: (error) => logger.warn('skipped unreadable input', error),
        violation: (error) => logger.warn('ignored an answer', error),
        closed: ({ cause }) => dispatcher.abortAll(cause ?? new Error('the link was closed')),
      },
      { clock, maxPending, onError: (error, method) => this.#listenerThrew(error, method) },
    );
    return peer;
  }

  /** Where a server may ask, it cancels what it asked; else it can only mean a request of ours, such as a subscription. */
  #cancelled({ params }: JsonRpcNotification, peer: Peer, dispatcher: Dispatcher): void {
    const id = params?.['requestId'] as RequestId;
    const reason = new SessionError('link-lost', 'the server ended the request', { delivery: 'answered' });
    if (this.link?.era.serverMayAsk === false) peer.caller.fail(id, reason);
    else dispatcher.cancel(id, reason);
  }

  #notified(notification: JsonRpcNotification): void {
    const { method, params = {} } = notification;
    const { onChange, onLog, onNotification } = this.#options;
    const tell = (listener: () => unknown): void =>
      callListener(listener, (error) => this.#listenerThrew(error, method));
    const change = changeIn(notification);
    if (change) {
      this.link?.hear(change);
      tell(() => onChange?.(change));
    } else if (method === 'notifications/message' && onLog) {
      tell(() => onLog(params as unknown as LoggingMessageNotificationParams));
    } else {
      tell(() => onNotification?.(notification));
    }
  }

  #listenerThrew(error: unknown, method: string): void {
    this.#logger.error(`a listener of ${method} threw`, error);
  }
}

function isDial(target: Dial | Transport | readonly Dial[]): target is Dial | readonly Dial[] {
  return typeof target === 'function' || Array.isArray(target);
}

function dialsOf(target: Dial | Transport | readonly Dial[]): readonly Dial[] {
  if (isDial(target)) return typeof target === 'function' ? [target] : target;
  let used = false;
  return [
    () => {
      if (used)
        throw new SessionError(
          'link-lost',
          'the transport ended while the era was found out; pass a dial, which can make another',
        );
      used = true;
      return target;
    },
  ];
}

/** The server is there but does not speak this binding. */
function wasTurnedAway(error: unknown): boolean {
  if (!isMcpError(error, 'TransportError')) return false;
  const { code, status = 0 } = error as TransportError;
  return code === 'refused' && status >= 400 && status < 500 && status !== 401 && status !== 403;
}
