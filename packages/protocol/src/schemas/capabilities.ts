import type { ClientCapabilities, ServerCapabilities } from '../capabilities.ts';
import { JULY_2026, JUNE_2025, MARCH_2025, NOVEMBER_2025 } from '../revision/revisions.ts';
import type { ClientTasksCapability, ServerTasksCapability } from '../tasks-legacy.ts';
import type { Dated } from './dated.ts';
import { boolean, jsonObject, mapOf, object, optional } from './shape.ts';
import type { Optional, Schema, SchemasOf } from './shape.ts';

export type CapabilitySchemas = SchemasOf<{
  ClientCapabilities: ClientCapabilities;
  ServerCapabilities: ServerCapabilities;
}>;

/** What the two peers can do. */
export function capabilitySchemas({ since, until, only }: Dated): CapabilitySchemas {
  const settings = optional(jsonObject);
  const experimental = optional(mapOf(jsonObject));
  const extensions = since(JULY_2026, experimental);
  const listChanged = optional(object<{ listChanged?: boolean }>({ listChanged: optional(boolean) }));

  return {
    ClientCapabilities: object<ClientCapabilities>({
      experimental,
      extensions,
      roots: until(NOVEMBER_2025, listChanged) ?? settings,
      sampling: since(NOVEMBER_2025, sampling()) ?? settings,
      elicitation: since(NOVEMBER_2025, elicitation()) ?? since(JUNE_2025, settings),
      tasks: only(NOVEMBER_2025, optional(clientTasks())),
    }),
    ServerCapabilities: object<ServerCapabilities>({
      experimental,
      extensions,
      logging: settings,
      completions: since(MARCH_2025, settings),
      prompts: listChanged,
      resources: optional(
        object<NonNullable<ServerCapabilities['resources']>>({
          subscribe: optional(boolean),
          listChanged: optional(boolean),
        }),
      ),
      tools: listChanged,
      tasks: only(NOVEMBER_2025, optional(serverTasks())),
    }),
  };
}

function sampling(): Optional<NonNullable<ClientCapabilities['sampling']>> {
  return optional(object({ context: optional(jsonObject), tools: optional(jsonObject) }));
}

function elicitation(): Optional<NonNullable<ClientCapabilities['elicitation']>> {
  return optional(object({ form: optional(jsonObject), url: optional(jsonObject) }));
}

function clientTasks(): Schema<ClientTasksCapability> {
  return object({
    list: optional(jsonObject),
    cancel: optional(jsonObject),
    requests: optional(
      object<NonNullable<ClientTasksCapability['requests']>>({
        sampling: optional(object({ createMessage: optional(jsonObject) })),
        elicitation: optional(object({ create: optional(jsonObject) })),
      }),
    ),
  });
}

function serverTasks(): Schema<ServerTasksCapability> {
  return object({
    list: optional(jsonObject),
    cancel: optional(jsonObject),
    requests: optional(
      object<NonNullable<ServerTasksCapability['requests']>>({
        tools: optional(object({ call: optional(jsonObject) })),
      }),
    ),
  });
}
