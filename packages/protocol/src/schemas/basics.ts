import * as z from 'zod/mini';
import type { Annotations, BaseMetadata, Icon, Icons, Implementation, Role } from '../implementation.ts';
import { isRequestId } from '../json-rpc.ts';
import type { RequestId } from '../json-rpc.ts';
import { LOGGING_LEVELS } from '../logging.ts';
import type { LoggingLevel } from '../logging.ts';
import { JUNE_2025, NOVEMBER_2025 } from '../revision/revisions.ts';
import { capabilitySchemas } from './capabilities.ts';
import type { CapabilitySchemas } from './capabilities.ts';
import type { Dated } from './dated.ts';
import { fraction, listOf, object, oneOf, optional, string } from './shape.ts';
import type { Schema, SchemasOf, Shape } from './shape.ts';

export type BasicSchemas = CapabilitySchemas &
  SchemasOf<{
    RequestId: RequestId;
    Role: Role;
    LoggingLevel: LoggingLevel;
    Icon: Icon;
    Implementation: Implementation;
    Annotations: Annotations;
  }>;

/** The types that need no other. */
export function basicSchemas(range: Dated): BasicSchemas {
  const { since } = range;
  const Role: Schema<Role> = oneOf('user', 'assistant');
  const Icon: Schema<Icon> = object({
    src: string,
    mimeType: optional(string),
    sizes: optional(listOf(string)),
    theme: optional(oneOf('light', 'dark')),
  });
  return {
    ...capabilitySchemas(range),
    RequestId: z.custom<RequestId>(isRequestId),
    Role,
    LoggingLevel: oneOf(...LOGGING_LEVELS),
    Icon,
    Implementation: object<Implementation>({
      ...named(range),
      ...pictured(range, Icon),
      version: string,
      description: since(NOVEMBER_2025, optional(string)),
      websiteUrl: since(NOVEMBER_2025, optional(string)),
    }),
    Annotations: object<Annotations>({
      audience: optional(listOf(Role)),
      priority: optional(fraction),
      lastModified: since(JUNE_2025, optional(string)),
    }),
  };
}

/** The members of a thing that programs and people have a name for. */
export function named({ since }: Dated): Shape<BaseMetadata> {
  return { name: string, title: since(JUNE_2025, optional(string)) };
}

/** The members of a thing that has pictures. */
export function pictured({ since }: Dated, icon: Schema<Icon>): Shape<Icons> {
  return { icons: since(NOVEMBER_2025, optional(listOf(icon))) };
}
