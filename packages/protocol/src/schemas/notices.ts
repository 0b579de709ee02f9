import type { LoggingMessageNotificationParams, SetLevelRequestParams } from '../logging.ts';
import type { CancelledNotificationParams, ProgressNotificationParams } from '../progress.ts';
import { MARCH_2025, NOVEMBER_2025 } from '../revision/revisions.ts';
import type { Common } from './common.ts';
import { json, number, object, optional, string } from './shape.ts';
import type { SchemasOf } from './shape.ts';

export type NoticeSchemas = SchemasOf<{
  CancelledNotificationParams: CancelledNotificationParams;
  ProgressNotificationParams: ProgressNotificationParams;
  LoggingMessageNotificationParams: LoggingMessageNotificationParams;
}> &
  Partial<SchemasOf<{ SetLevelRequestParams: SetLevelRequestParams }>>;

/** What is said about a request while it runs. */
export function noticeSchemas({ types, request, notification, since, until, only }: Common): NoticeSchemas {
  return {
    CancelledNotificationParams: object({
      requestId: only(NOVEMBER_2025, optional(types.RequestId)) ?? types.RequestId,
      reason: optional(string),
      ...notification,
    }),
    ProgressNotificationParams: object({
      progressToken: types.RequestId,
      progress: number,
      total: optional(number),
      message: since(MARCH_2025, optional(string)),
      ...notification,
    }),
    LoggingMessageNotificationParams: object({
      level: types.LoggingLevel,
      logger: optional(string),
      data: json,
      ...notification,
    }),
    ...until(NOVEMBER_2025, {
      SetLevelRequestParams: object<SetLevelRequestParams>({ level: types.LoggingLevel, ...request }),
    }),
  };
}
