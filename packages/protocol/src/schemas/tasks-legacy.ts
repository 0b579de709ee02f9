import * as z from 'zod/mini';
import type { Result } from '../meta.ts';
import type {
  LegacyCreateTaskResult,
  LegacyListTasksResult,
  LegacyTask,
  LegacyTaskParams,
  LegacyTaskStatus,
  LegacyTaskStatusNotificationParams,
  TaskMetadata,
} from '../tasks-legacy.ts';
import type { Common, Wire } from './common.ts';
import { integer, listOf, object, oneOf, optional, string } from './shape.ts';
import type { Schema, SchemasOf } from './shape.ts';

export type LegacyTaskSchemas = SchemasOf<{
  TaskMetadata: TaskMetadata;
  TaskStatus: LegacyTaskStatus;
  Task: LegacyTask;
  RelatedTaskMetadata: LegacyTaskParams;
  CreateTaskResult: Wire<LegacyCreateTaskResult>;
  GetTaskResult: LegacyTask & Wire<Result>;
  CancelTaskResult: LegacyTask & Wire<Result>;
  ListTasksResult: Wire<LegacyListTasksResult>;
  GetTaskPayloadResult: Wire<Result>;
  TaskStatusNotificationParams: LegacyTaskStatusNotificationParams;
}>;

/** The tasks of the core protocol: of 2025-11-25 only. */
export function legacyTaskSchemas({ types, result, page, notification }: Common): LegacyTaskSchemas {
  const TaskStatus: Schema<LegacyTaskStatus> = oneOf(
    'working',
    'input_required',
    'completed',
    'failed',
    'cancelled',
  );
  const task = {
    taskId: string,
    status: TaskStatus,
    statusMessage: optional(string),
    createdAt: string,
    lastUpdatedAt: string,
    ttl: z.nullable(integer),
    pollInterval: optional(integer),
  };
  const Task: Schema<LegacyTask> = object(task);
  return {
    TaskMetadata: object({ ttl: optional(integer) }),
    TaskStatus,
    Task,
    RelatedTaskMetadata: object({ taskId: string }),
    CreateTaskResult: object({ task: Task, ...result }),
    GetTaskResult: object({ ...task, ...result }),
    CancelTaskResult: object({ ...task, ...result }),
    ListTasksResult: object({ tasks: listOf(Task), ...result, ...page }),
    GetTaskPayloadResult: types.Result,
    TaskStatusNotificationParams: object({ ...task, ...notification }),
  };
}
