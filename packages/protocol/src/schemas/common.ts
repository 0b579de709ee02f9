import * as z from 'zod/mini';
import type { CacheHints } from '../caching.ts';
import type { Annotations, BaseMetadata, Icons } from '../implementation.ts';
import type { Meta, NotificationParams, RequestParams, Result } from '../meta.ts';
import type { PaginatedRequestParams, PaginatedResult } from '../pagination.ts';
import { JULY_2026, JUNE_2025, NOVEMBER_2025 } from '../revision/revisions.ts';
import type { TaskAugmentedRequestParams, TaskMetadata } from '../tasks-legacy.ts';
import { basicSchemas, named, pictured } from './basics.ts';
import type { BasicSchemas } from './basics.ts';
import { dated } from './dated.ts';
import type { Dated } from './dated.ts';
import { metaSchemas } from './meta.ts';
import type { MetaSchemas } from './meta.ts';
import { integer, jsonObject, object, oneOf, optional, string } from './shape.ts';
import type { SchemasOf, Shape } from './shape.ts';

/** A result as it is on the wire, where from 2026-07-28 on it says of what kind it is. */
export type Wire<T> = T & { resultType?: string };

export type CommonSchemas = BasicSchemas &
  MetaSchemas &
  SchemasOf<{
    RequestParams: RequestParams;
    PaginatedRequestParams: PaginatedRequestParams;
    NotificationParams: NotificationParams;
    Result: Wire<Result>;
  }>;

/** What the chapters share: schemas, and groups of members to spread into a shape. */
export interface Common extends Dated {
  readonly types: CommonSchemas;
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

/** What the chapters of one revision share. */
export function common(revision: string): Common {
  const range = dated(revision);
  const { since, until, only } = range;
  const basics = basicSchemas(range);
  const meta = metaSchemas(range, basics);
  const request = { _meta: since(JULY_2026, meta.RequestMetaObject) ?? optional(meta.RequestMetaObject) };
  const notification = { _meta: optional(meta.NotificationMetaObject) };
  const result = { _meta: optional(meta.ResultMetaObject), resultType: since(JULY_2026, string) };
  const task = { task: only(NOVEMBER_2025, optional(object<TaskMetadata>({ ttl: optional(integer) }))) };
  return {
    ...range,
    types: {
      ...basics,
      ...meta,
      RequestParams: object<RequestParams>(request),
      PaginatedRequestParams: object<PaginatedRequestParams>({ ...request, cursor: optional(string) }),
      NotificationParams: object<NotificationParams>(notification),
      Result: object<Wire<Result>>(result),
    },
    named: named(range),
    pictured: pictured(range, basics.Icon),
    annotated: { annotations: optional(basics.Annotations) },
    open: { _meta: since(JUNE_2025, optional(jsonObject)) },
    request,
    notification,
    result,
    asked: { _meta: until(NOVEMBER_2025, optional(meta.RequestMetaObject)), ...task },
    answered: { _meta: until(NOVEMBER_2025, optional(meta.ResultMetaObject)) },
    task,
    page: { nextCursor: optional(string) },
    cached: {
      ttlMs: since(JULY_2026, integer.check(z.minimum(0))),
      cacheScope: since(JULY_2026, oneOf('public', 'private')),
    },
  };
}
