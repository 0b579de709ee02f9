import type { Annotations, Icon, JsonObject, Meta } from '@trunkline/protocol';
import { DefinitionError } from './definition-error.ts';

/** What clients show of a tool, a resource or a prompt. */
export interface Details {
  /** For people; the name is shown where it is missing. */
  readonly title?: string;
  /** For the model: what it is for and when to use it. */
  readonly description?: string;
  readonly icons?: Icon[];
  readonly _meta?: Meta;
}

/** What clients show of a resource beside that. */
export interface ResourceDetails extends Details {
  readonly mimeType?: string;
  readonly annotations?: Annotations;
  /** Bytes before any encoding. */
  readonly size?: number;
}

/** What clients show of a resource template beside its name and address. */
export type ResourceTemplateDetails = Omit<ResourceDetails, 'size'>;

const MAX_NAME = 128;

/** The named members of an object, those that are there. */
export function pick(source: object, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    Object.entries(source as JsonObject).filter(
      ([name, value]) => value !== undefined && names.includes(name),
    ),
  );
}

/** Refuses a name that is empty, longer than 128 characters or not printable. */
export function checkName(kind: string, name: string): void {
  if (typeof name === 'string' && name.length <= MAX_NAME && /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u.test(name)) return;
  throw new DefinitionError(
    'invalid-name',
    `a ${kind} cannot be called ${JSON.stringify(name)?.slice(0, MAX_NAME)}; names have 1 to ${MAX_NAME} printable characters`,
  );
}
