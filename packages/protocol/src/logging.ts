import type { JsonValue } from './json.ts';
import type { NotificationParams, RequestParams } from './meta.ts';

/** The severities of RFC 5424, least severe first. */
export const LOGGING_LEVELS: readonly LoggingLevel[] = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
];

/**
 * How severe a log message is.
 * @deprecated Write to stderr or to OpenTelemetry instead of logging through the protocol.
 */
export type LoggingLevel =
  | 'debug'
  | 'info'
  | 'notice'
  | 'warning'
  | 'error'
  | 'critical'
  | 'alert'
  | 'emergency';

/**
 * Sets the least severity that a legacy server reports for the rest of the session.
 * @deprecated Write to stderr or to OpenTelemetry instead of logging through the protocol.
 */
export type SetLevelRequestParams = RequestParams & {
  level: LoggingLevel;
};

/**
 * One log message. Never carries secrets or personal data.
 * @deprecated Write to stderr or to OpenTelemetry instead of logging through the protocol.
 */
export type LoggingMessageNotificationParams = NotificationParams & {
  level: LoggingLevel;
  /** The name of the part that speaks. */
  logger?: string;
  data: JsonValue;
};
