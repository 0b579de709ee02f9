import type { ClientCapabilities } from '../capabilities.ts';
import type { Implementation } from '../implementation.ts';
import type { LoggingLevel } from '../logging.ts';
import { MetaKey } from '../meta.ts';
import type { NotificationMeta, RequestMeta, ResultMeta } from '../meta.ts';
import { JULY_2026 } from '../revision/revisions.ts';
import type { BasicSchemas } from './basics.ts';
import type { Dated } from './dated.ts';
import { object, optional, string } from './shape.ts';
import type { SchemasOf } from './shape.ts';

/** The metadata of a request as it is on the wire, where from 2026-07-28 on it holds the envelope. */
export type WireRequestMeta = RequestMeta & {
  'io.modelcontextprotocol/protocolVersion'?: string;
  'io.modelcontextprotocol/clientCapabilities'?: ClientCapabilities;
  'io.modelcontextprotocol/clientInfo'?: Implementation;
  'io.modelcontextprotocol/logLevel'?: LoggingLevel;
};

export type MetaSchemas = SchemasOf<{
  RequestMetaObject: WireRequestMeta;
  NotificationMetaObject: NotificationMeta;
  ResultMetaObject: ResultMeta;
}>;

/** The metadata of messages. */
export function metaSchemas({ since }: Dated, types: BasicSchemas): MetaSchemas {
  return {
    RequestMetaObject: object<WireRequestMeta>({
      progressToken: optional(types.RequestId),
      traceparent: since(JULY_2026, optional(string)),
      tracestate: since(JULY_2026, optional(string)),
      baggage: since(JULY_2026, optional(string)),
      [MetaKey.protocolVersion]: since(JULY_2026, string),
      [MetaKey.clientCapabilities]: since(JULY_2026, types.ClientCapabilities),
      [MetaKey.clientInfo]: since(JULY_2026, optional(types.Implementation)),
      [MetaKey.logLevel]: since(JULY_2026, optional(types.LoggingLevel)),
    }),
    NotificationMetaObject: object<NotificationMeta>({
      [MetaKey.subscriptionId]: since(JULY_2026, optional(types.RequestId)),
    }),
    ResultMetaObject: object<ResultMeta>({
      [MetaKey.serverInfo]: since(JULY_2026, optional(types.Implementation)),
      [MetaKey.subscriptionId]: since(JULY_2026, optional(types.RequestId)),
    }),
  };
}
