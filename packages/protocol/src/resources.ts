import type { CacheHints } from './caching.ts';
import type { InputResponseRequestParams } from './input-required.ts';
import type { NotificationParams, RequestParams, Result } from './meta.ts';
import type { PaginatedResult } from './pagination.ts';
import type { Resource, ResourceContents, ResourceTemplate } from './resource.ts';

/** One page of a server's resources. */
export type ListResourcesResult = PaginatedResult &
  CacheHints & {
    resources: Resource[];
  };

/** One page of a server's resource templates. */
export type ListResourceTemplatesResult = PaginatedResult &
  CacheHints & {
    resourceTemplates: ResourceTemplate[];
  };

/** Reads a resource. */
export type ReadResourceRequestParams = InputResponseRequestParams & {
  uri: string;
};

/** What a resource holds. Never empty for a resource that does not exist: that is an error. */
export type ReadResourceResult = Result &
  CacheHints & {
    contents: ResourceContents[];
  };

/** Asks a legacy server to report changes of a resource. */
export type SubscribeRequestParams = RequestParams & {
  uri: string;
};

/** Asks a legacy server to stop reporting changes of a resource. */
export type UnsubscribeRequestParams = RequestParams & {
  uri: string;
};

/** A resource has changed and may be read again. */
export type ResourceUpdatedNotificationParams = NotificationParams & {
  uri: string;
};
