import { findRevision } from '../revision/revisions.ts';
import { messageSchemas } from './messages.ts';
import type { MessageSchemas } from './messages.ts';
import { methodSchemas } from './methods.ts';
import type { MethodSchemas } from './methods.ts';
import { typeSchemas } from './types.ts';
import type { TypeSchemas } from './types.ts';

/** The schemas of one revision: of its types, of its methods, and of whole messages. */
export interface RevisionSchemas extends MethodSchemas {
  readonly revision: string;
  readonly types: TypeSchemas;
  readonly messages: MessageSchemas;
}

/**
 * The schemas of a revision, or `undefined` for one that Trunkline does not speak. They are built when first asked for, and
 * once. They check what is on the wire, so that a result of 2026-07-28 needs its `resultType`.
 */
export function schemasOf(revision: string): RevisionSchemas | undefined {
  const built = BUILT.get(revision);
  if (built || !findRevision(revision)) return built;
  const types = typeSchemas(revision);
  const methods = methodSchemas(revision, types);
  const schemas = { revision, types, ...methods, messages: messageSchemas(types, methods) };
  BUILT.set(revision, schemas);
  return schemas;
}

const BUILT = new Map<string, RevisionSchemas>();
