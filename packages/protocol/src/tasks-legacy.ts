import type { JsonObject } from './json.ts';

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
