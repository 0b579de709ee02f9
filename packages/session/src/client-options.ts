import type {
  ClientCapabilities,
  Era,
  Implementation,
  JsonRpcNotification,
  LoggingMessageNotificationParams,
} from '@trunkline/protocol';
import type { Clock } from './clock.ts';
import type { InputHandlers } from './inputs.ts';
import type { ClientLayer } from './layers.ts';
import type { ResponseCache } from './layers/cache.ts';
import type { Logger } from './logger.ts';
import type { ReconnectOptions } from './reconnect.ts';
import type { Change } from './subscriptions.ts';

/** What a client may be told. */
export interface ClientOptions extends InputHandlers {
  /** What this client calls itself. */
  readonly info?: Implementation | undefined;
  /** Declared beside what the handlers show; a member given here replaces what they show. */
  readonly capabilities?: ClientCapabilities | undefined;
  /** The eras to speak, both unless given: modern is tried first. */
  readonly eras?: readonly Era[] | undefined;
  /** Hears of changes that a legacy server reports unasked. Use `listen` to follow changes in either era. */
  readonly onChange?: ((change: Change) => void) | undefined;
  /**
   * Hears the server's log messages.
   * @deprecated since 2026-07-28. https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/logging
   */
  readonly onLog?: ((message: LoggingMessageNotificationParams) => void) | undefined;
  /** Hears every notification that nothing else is there for. */
  readonly onNotification?: ((notification: JsonRpcNotification) => void) | undefined;
  /** Milliseconds without answer or progress after which a call fails. 60,000 unless given. */
  readonly timeout?: number | undefined;
  /** Milliseconds to wait for the answer that tells a server's era. 5,000 unless given. */
  readonly probeTimeout?: number | undefined;
  /** Milliseconds after which a call fails whatever progress it reports. 600,000 unless given, or `timeout` if that is longer. */
  readonly maxTotalTimeout?: number | undefined;
  /** Milliseconds that opening a session may take. 30,000 unless given. */
  readonly openTimeout?: number | undefined;
  /** Rounds of input that one call may need. 10 unless given. */
  readonly maxRounds?: number | undefined;
  /** Calls that may be open at once. 10,000 unless given. */
  readonly maxPending?: number | undefined;
  /** Has a lost link opened anew at once, `{}` for the defaults; without it, the next call opens one. Needs a dial. */
  readonly reconnect?: ReconnectOptions | undefined;
  /** Answers again what the server allows to, inside the layers. */
  readonly cache?: ResponseCache | undefined;
  /** Wrap every request; the first is outermost. */
  readonly layers?: readonly ClientLayer[] | undefined;
  /** Gives up on connecting. */
  readonly signal?: AbortSignal | undefined;
  readonly logger?: Logger | undefined;
  readonly clock?: Clock | undefined;
}
