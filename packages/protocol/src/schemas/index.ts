// Zod schemas of every shape on the wire, by revision. Needs the optional peer dependency `zod`.
export { schemasOf } from './schemas-of.ts';
export type { RevisionSchemas } from './schemas-of.ts';
export type { MessageSchemas } from './messages.ts';
export type {
  MethodSchemas,
  NotificationSchemas,
  ParamsSchema,
  RequestSchemas,
  ResultSchema,
} from './methods.ts';
export type { Schema } from './shape.ts';
export type { TypeSchemas } from './types.ts';
