import type { JsonObject } from './json.ts';
import type { NotificationParams, Result } from './meta.ts';
import type { PaginatedResult } from './pagination.ts';

/** Asks for a request to be run as a task of the core protocol of 2025-11-25; no other revision knows it. */
export type TaskMetadata = {
  /** For how many milliseconds the task is to be kept. */
  ttl?: number;
};

/** What those requests of 2025-11-25 may carry that can run as tasks. Left out on every other wire. */
export type TaskAugmentedRequestParams = {
  task?: TaskMetadata;
};

/** Which requests a 2025-11-25 client can run as tasks. */
export type ClientTasksCapability = {
  list?: JsonObject;
  cancel?: JsonObject;
  requests?: {
    sampling?: { createMessage?: JsonObject };
    elicitation?: { create?: JsonObject };
  };
};

/** Which requests a 2025-11-25 server can run as tasks. */
export type ServerTasksCapability = {
  list?: JsonObject;
  cancel?: JsonObject;
  requests?: {
    tools?: { call?: JsonObject };
  };
};

/** Where a task of 2025-11-25 stands; the last three are final. */
export type LegacyTaskStatus = 'working' | 'input_required' | 'completed' | 'failed' | 'cancelled';

/** A task of the core protocol of 2025-11-25, which is not the task of the Tasks extension. */
export type LegacyTask = {
  taskId: string;
  status: LegacyTaskStatus;
  statusMessage?: string;
  createdAt: string;
  lastUpdatedAt: string;
  /** Milliseconds from creation; `null` means without end. */
  ttl: number | null;
  /** Milliseconds. */
  pollInterval?: number;
};

/** Answers a request that runs as a task of 2025-11-25, in place of its result. */
export type LegacyCreateTaskResult = Result & {
  task: LegacyTask;
};

/** One page of the tasks of 2025-11-25. */
export type LegacyListTasksResult = PaginatedResult & {
  tasks: LegacyTask[];
};

/** Names a task of 2025-11-25. */
export type LegacyTaskParams = {
  taskId: string;
};

/** Where a task of 2025-11-25 stands, without being asked. */
export type LegacyTaskStatusNotificationParams = NotificationParams & LegacyTask;
