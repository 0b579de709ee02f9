import * as z from 'zod/mini';
import type { CacheHints } from '../caching.ts';
import type { ClientCapabilities } from '../capabilities.ts';
import type { Annotations, BaseMetadata, Icon, Icons, Implementation, Role } from '../implementation.ts';
import { isRequestId } from '../json-rpc.ts';
import type { RequestId } from '../json-rpc.ts';
import { LOGGING_LEVELS } from '../logging.ts';
import type { LoggingLevel } from '../logging.ts';
import { MetaKey } from '../meta.ts';
import type {
  Meta,
  NotificationMeta,
  NotificationParams,
  RequestMeta,
  RequestParams,
  Result,
  ResultMeta,
} from '../meta.ts';
import type { PaginatedRequestParams, PaginatedResult } from '../pagination.ts';
import { JULY_2026, JUNE_2025, NOVEMBER_2025 } from '../revision/revisions.ts';
import type { TaskAugmentedRequestParams, TaskMetadata } from '../tasks-legacy.ts';
import { capabilitySchemas } from './capabilities.ts';
import type { CapabilitySchemas } from './capabilities.ts';
import { dated } from './dated.ts';
import type { Dated } from './dated.ts';
import { fraction, integer, jsonObject, listOf, object, oneOf, optional, string } from './shape.ts';
import type { Schema, SchemasOf, Shape } from './shape.ts';

/** A result as it is on the wire, where from 2026-07-28 on it says of what kind it is. */
export type Wire<T> = T & { resultType?: string };

/** The metadata of a request as it is on the wire, where from 2026-07-28 on it holds the envelope. */
export type WireRequestMeta = RequestMeta & {
  'io.modelcontextprotocol/protocolVersion'?: string;
  'io.modelcontextprotocol/clientCapabilities'?: ClientCapabilities;
  'io.modelcontextprotocol/clientInfo'?: Implementation;
  'io.modelcontextprotocol/logLevel'?: LoggingLevel;
};

export type CommonSchemas = CapabilitySchemas &
  SchemasOf<{
    RequestId: RequestId;
    Role: Role;
    LoggingLevel: LoggingLevel;
    Icon: Icon;
    Implementation: Implementation;
    Annotations: Annotations;
    RequestMetaObject: WireRequestMeta;
    NotificationMetaObject: NotificationMeta;
    ResultMetaObject: ResultMeta;
    RequestParams: RequestParams;
    PaginatedRequestParams: PaginatedRequestParams;
    NotificationParams: NotificationParams;
    Result: Wire<Result>;
  }>;

/** What the chapters share: schemas, and groups of members to spread into a shape. */
export interface Common extends Dated {
  readonly types: CommonSchemas;
  /** Of a thing that programs and people have a name for. */
  readonly named: Shape<BaseMetadata>;
  readonly pictured: Shape<Icons>;
  readonly annotated: Shape<{ annotations?: Annotations }>;
  /** Of a thing that carries metadata. */
  readonly open: Shape<{ _meta?: Meta }>;
  readonly request: Shape<RequestParams>;
  readonly notification: Shape<NotificationParams>;
  readonly result: Shape<Wire<Result>>;
  /** Of the params of what a server asks its client, and of the client's answer. */
  readonly asked: Shape<RequestParams & TaskAugmentedRequestParams>;
  readonly answered: Shape<Result>;
  readonly task: Shape<TaskAugmentedRequestParams>;
  readonly page: Shape<Omit<PaginatedResult, '_meta'>>;
  readonly cached: Shape<CacheHints>;
}

export function common(revision: string): Common {
  const range = dated(revision);
  const { since, until, only } = range;
  const types = commonSchemas(range);
  const task = { task: only(NOVEMBER_2025, optional(object<TaskMetadata>({ ttl: optional(integer) }))) };
  return {
    ...range,
    types,
    named: named(range),
    pictured: pictured(range, types.Icon),
    annotated: { annotations: optional(types.Annotations) },
    open: { _meta: since(JUNE_2025, optional(jsonObject)) },
    request: { _meta: since(JULY_2026, types.RequestMetaObject) ?? optional(types.RequestMetaObject) },
    notification: { _meta: optional(types.NotificationMetaObject) },
    result: { _meta: optional(types.ResultMetaObject), resultType: since(JULY_2026, string) },
    asked: { _meta: until(NOVEMBER_2025, optional(types.RequestMetaObject)), ...task },
    answered: { _meta: until(NOVEMBER_2025, optional(types.ResultMetaObject)) },
    task,
    page: { nextCursor: optional(string) },
    cached: {
      ttlMs: since(JULY_2026, integer.check(z.minimum(0))),
      cacheScope: since(JULY_2026, oneOf('public', 'private')),
    },
  };
}

function commonSchemas(range: Dated): CommonSchemas {
  const { since } = range;
  const capabilities = capabilitySchemas(range);
  const RequestId: Schema<RequestId> = z.custom<RequestId>(isRequestId);
  const Role: Schema<Role> = oneOf('user', 'assistant');
  const LoggingLevel: Schema<LoggingLevel> = oneOf(...LOGGING_LEVELS);
  const Icon: Schema<Icon> = object({
    src: string,
    mimeType: optional(string),
    sizes: optional(listOf(string)),
    theme: optional(oneOf('light', 'dark')),
  });
  const Implementation: Schema<Implementation> = object({
    ...named(range),
    ...pictured(range, Icon),
    version: string,
    description: since(NOVEMBER_2025, optional(string)),
    websiteUrl: since(NOVEMBER_2025, optional(string)),
  });
  const Annotations: Schema<Annotations> = object({
    audience: optional(listOf(Role)),
    priority: optional(fraction),
    lastModified: since(JUNE_2025, optional(string)),
  });
  const meta = {
    RequestMetaObject: object<WireRequestMeta>({
      progressToken: optional(RequestId),
      traceparent: since(JULY_2026, optional(string)),
      tracestate: since(JULY_2026, optional(string)),
      baggage: since(JULY_2026, optional(string)),
      [MetaKey.protocolVersion]: since(JULY_2026, string),
      [MetaKey.clientCapabilities]: since(JULY_2026, capabilities.ClientCapabilities),
      [MetaKey.clientInfo]: since(JULY_2026, optional(Implementation)),
      [MetaKey.logLevel]: since(JULY_2026, optional(LoggingLevel)),
    }),
    NotificationMetaObject: object<NotificationMeta>({
      [MetaKey.subscriptionId]: since(JULY_2026, optional(RequestId)),
    }),
    ResultMetaObject: object<ResultMeta>({
      [MetaKey.serverInfo]: since(JULY_2026, optional(Implementation)),
      [MetaKey.subscriptionId]: since(JULY_2026, optional(RequestId)),
    }),
  };
  const request = { _meta: since(JULY_2026, meta.RequestMetaObject) ?? optional(meta.RequestMetaObject) };
  return {
    ...capabilities,
    ...meta,
    RequestId,
    Role,
    LoggingLevel,
    Icon,
    Implementation,
    Annotations,
    RequestParams: object(request),
    PaginatedRequestParams: object({ ...request, cursor: optional(string) }),
    NotificationParams: object({ _meta: optional(meta.NotificationMetaObject) }),
    Result: object({ _meta: optional(meta.ResultMetaObject), resultType: since(JULY_2026, string) }),
  };
}

function named({ since }: Dated): Shape<BaseMetadata> {
  return { name: string, title: since(JUNE_2025, optional(string)) };
}

function pictured({ since }: Dated, icon: Schema<Icon>): Shape<Icons> {
  return { icons: since(NOVEMBER_2025, optional(listOf(icon))) };
}
