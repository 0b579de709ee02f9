import type { RequestId } from './json-rpc.ts';
import type { NotificationParams, ProgressToken } from './meta.ts';

/** How far a request has come. `progress` grows with every report, also when `total` is unknown. */
export type ProgressNotificationParams = NotificationParams & {
  progressToken: ProgressToken;
  progress: number;
  total?: number;
  message?: string;
};

/** The sender no longer wants an answer to its request. */
export type CancelledNotificationParams = NotificationParams & {
  /** Absent only in 2025-11-25, for tasks. */
  requestId?: RequestId;
  reason?: string;
};
