import type { InputResponseRequestParams } from '../input-required.ts';
import { JULY_2026, JUNE_2025, NOVEMBER_2025 } from '../revision/revisions.ts';
import { common } from './common.ts';
import type { Common, CommonSchemas } from './common.ts';
import { completionSchemas } from './completion.ts';
import type { CompletionSchemas } from './completion.ts';
import { contentSchemas } from './content.ts';
import type { ContentSchemas } from './content.ts';
import { discoverySchemas } from './discovery.ts';
import type { DiscoverySchemas } from './discovery.ts';
import { elicitationSchemas } from './elicitation.ts';
import type { ElicitationSchemas } from './elicitation.ts';
import { errorSchemas } from './errors.ts';
import type { ErrorSchemas } from './errors.ts';
import { inputRequiredSchemas } from './input-required.ts';
import type { InputRequiredSchemas } from './input-required.ts';
import { jsonRpcSchemas } from './json-rpc.ts';
import type { JsonRpcSchemas } from './json-rpc.ts';
import { noticeSchemas } from './notices.ts';
import type { NoticeSchemas } from './notices.ts';
import { promptsSchemas } from './prompts.ts';
import type { PromptsSchemas } from './prompts.ts';
import { resourcesSchemas } from './resources.ts';
import type { ResourcesSchemas } from './resources.ts';
import { rootsSchemas } from './roots.ts';
import type { RootsSchemas } from './roots.ts';
import { samplingSchemas } from './sampling.ts';
import type { SamplingSchemas } from './sampling.ts';
import { optional, string } from './shape.ts';
import type { Shape } from './shape.ts';
import { subscriptionsSchemas } from './subscriptions.ts';
import type { SubscriptionsSchemas } from './subscriptions.ts';
import { legacyTaskSchemas } from './tasks-legacy.ts';
import type { LegacyTaskSchemas } from './tasks-legacy.ts';
import { toolSchemas } from './tool.ts';
import type { ToolSchemas } from './tool.ts';
import { toolsSchemas } from './tools.ts';
import type { ToolsSchemas } from './tools.ts';

/** A schema for each type, under the specification's name. What may be absent is not in every revision. */
export type TypeSchemas = CommonSchemas &
  JsonRpcSchemas &
  ErrorSchemas &
  ContentSchemas &
  ToolSchemas &
  SamplingSchemas &
  RootsSchemas &
  ToolsSchemas &
  PromptsSchemas &
  ResourcesSchemas &
  CompletionSchemas &
  DiscoverySchemas &
  NoticeSchemas &
  Partial<ElicitationSchemas & InputRequiredSchemas & SubscriptionsSchemas & LegacyTaskSchemas>;

/** The schemas of the types of one revision. */
export function typeSchemas(revision: string): TypeSchemas {
  const shared = common(revision);
  const content = contentSchemas(shared);
  const tool = toolSchemas(shared);
  const sampling = samplingSchemas(shared, content, tool);
  const roots = rootsSchemas(shared);
  const elicitation = shared.since(JUNE_2025, elicitationSchemas(shared));
  const input =
    elicitation &&
    shared.since(
      JULY_2026,
      inputRequiredSchemas(
        shared,
        { ...elicitation, ...sampling },
        { ...elicitation, ...sampling, ...roots },
      ),
    );
  const repeatable = repeatableParams(shared, input);
  return {
    ...shared.types,
    ...jsonRpcSchemas(shared),
    ...errorSchemas(shared, elicitation),
    ...content,
    ...tool,
    ...sampling,
    ...roots,
    ...elicitation,
    ...input,
    ...toolsSchemas(shared, content, tool, repeatable),
    ...promptsSchemas(shared, content, repeatable),
    ...resourcesSchemas(shared, content, repeatable),
    ...completionSchemas(shared),
    ...discoverySchemas(shared),
    ...shared.since(JULY_2026, subscriptionsSchemas(shared)),
    ...noticeSchemas(shared),
    ...shared.only(NOVEMBER_2025, legacyTaskSchemas(shared)),
  };
}

/** The params of a request that can be repeated with answers. */
function repeatableParams(
  { request, since }: Common,
  input?: InputRequiredSchemas,
): Shape<InputResponseRequestParams> {
  return {
    ...request,
    inputResponses: input && optional(input.InputResponses),
    requestState: since(JULY_2026, optional(string)),
  };
}
