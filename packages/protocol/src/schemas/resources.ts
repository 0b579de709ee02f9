import type { InputResponseRequestParams } from '../input-required.ts';
import type { ResourceContents } from '../resource.ts';
import type {
  ListResourcesResult,
  ListResourceTemplatesResult,
  ReadResourceRequestParams,
  ReadResourceResult,
  ResourceUpdatedNotificationParams,
  SubscribeRequestParams,
  UnsubscribeRequestParams,
} from '../resources.ts';
import { NOVEMBER_2025 } from '../revision/revisions.ts';
import type { Common, Wire } from './common.ts';
import type { ContentSchemas } from './content.ts';
import { listOf, object, string, union } from './shape.ts';
import type { SchemasOf, Shape } from './shape.ts';

export type ResourcesSchemas = SchemasOf<{
  ListResourcesResult: Wire<ListResourcesResult>;
  ListResourceTemplatesResult: Wire<ListResourceTemplatesResult>;
  ReadResourceRequestParams: ReadResourceRequestParams;
  ReadResourceResult: Wire<ReadResourceResult>;
  ResourceUpdatedNotificationParams: ResourceUpdatedNotificationParams;
}> &
  Partial<
    SchemasOf<{
      SubscribeRequestParams: SubscribeRequestParams;
      UnsubscribeRequestParams: UnsubscribeRequestParams;
    }>
  >;

/** Listing, reading and, until 2025-11-25, subscribing to resources. */
export function resourcesSchemas(
  { request, notification, result, page, cached, until }: Common,
  content: ContentSchemas,
  repeatable: Shape<InputResponseRequestParams>,
): ResourcesSchemas {
  const contents = union<ResourceContents>(content.TextResourceContents, content.BlobResourceContents);
  return {
    ListResourcesResult: object({ resources: listOf(content.Resource), ...result, ...page, ...cached }),
    ListResourceTemplatesResult: object({
      resourceTemplates: listOf(content.ResourceTemplate),
      ...result,
      ...page,
      ...cached,
    }),
    ReadResourceRequestParams: object({ uri: string, ...repeatable }),
    ReadResourceResult: object({ contents: listOf(contents), ...result, ...cached }),
    ResourceUpdatedNotificationParams: object({ uri: string, ...notification }),
    ...until(NOVEMBER_2025, {
      SubscribeRequestParams: object<SubscribeRequestParams>({ uri: string, ...request }),
      UnsubscribeRequestParams: object<UnsubscribeRequestParams>({ uri: string, ...request }),
    }),
  };
}
