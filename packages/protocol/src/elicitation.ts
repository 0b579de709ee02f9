import type { NotificationParams, RequestParams, Result } from './meta.ts';
import type { TaskAugmentedRequestParams } from './tasks-legacy.ts';

/** Asks for a text. */
export type StringSchema = {
  type: 'string';
  title?: string;
  description?: string;
  minLength?: number;
  maxLength?: number;
  format?: 'email' | 'uri' | 'date' | 'date-time';
  default?: string;
};

/** Asks for a number. */
export type NumberSchema = {
  type: 'number' | 'integer';
  title?: string;
  description?: string;
  minimum?: number;
  maximum?: number;
  default?: number;
};

/** Asks yes or no. */
export type BooleanSchema = {
  type: 'boolean';
  title?: string;
  description?: string;
  default?: boolean;
};

/** A value and what people read in its place. */
export type TitledOption = {
  const: string;
  title: string;
};

/** Asks for one of several values. */
export type UntitledSingleSelectEnumSchema = {
  type: 'string';
  title?: string;
  description?: string;
  enum: string[];
  default?: string;
};

/** Asks for one of several titled values. */
export type TitledSingleSelectEnumSchema = {
  type: 'string';
  title?: string;
  description?: string;
  oneOf: TitledOption[];
  default?: string;
};

/** Asks for some of several values. */
export type UntitledMultiSelectEnumSchema = {
  type: 'array';
  title?: string;
  description?: string;
  items: { type: 'string'; enum: string[] };
  minItems?: number;
  maxItems?: number;
  default?: string[];
};

/** Asks for some of several titled values. */
export type TitledMultiSelectEnumSchema = {
  type: 'array';
  title?: string;
  description?: string;
  items: { anyOf: TitledOption[] };
  minItems?: number;
  maxItems?: number;
  default?: string[];
};

/**
 * Asks for one of several values, with titles that are not JSON Schema.
 * @deprecated Use {@link TitledSingleSelectEnumSchema}; the codecs write this form where a revision knows no other.
 */
export type LegacyTitledEnumSchema = {
  type: 'string';
  title?: string;
  description?: string;
  enum: string[];
  enumNames?: string[];
  default?: string;
};

/** Asks for one of several values. */
export type SingleSelectEnumSchema = UntitledSingleSelectEnumSchema | TitledSingleSelectEnumSchema;

/** Asks for some of several values. */
export type MultiSelectEnumSchema = UntitledMultiSelectEnumSchema | TitledMultiSelectEnumSchema;

/** Asks for a choice. */
export type EnumSchema = SingleSelectEnumSchema | MultiSelectEnumSchema | LegacyTitledEnumSchema;

/** One field of a form. */
export type PrimitiveSchemaDefinition = StringSchema | NumberSchema | BooleanSchema | EnumSchema;

/** The fields of a form: a flat object, nothing nested. */
export type RequestedSchema = {
  $schema?: string;
  type: 'object';
  properties: { [field: string]: PrimitiveSchemaDefinition };
  required?: string[];
};

/** Asks the user to fill in a form. Never for secrets: those go through a URL. */
export type ElicitRequestFormParams = RequestParams &
  TaskAugmentedRequestParams & {
    mode?: 'form';
    message: string;
    requestedSchema: RequestedSchema;
  };

/** Asks the user to open a page. `accept` means consent to open it, not that anything was done there. */
export type ElicitRequestURLParams = RequestParams &
  TaskAugmentedRequestParams & {
    mode: 'url';
    message: string;
    url: string;
    /** Names this request in `notifications/elicitation/complete` of 2025-11-25; the codec adds it where it is required. */
    elicitationId?: string;
  };

/** Asks the user something. https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation */
export type ElicitRequestParams = ElicitRequestFormParams | ElicitRequestURLParams;

/** Asks the user something. */
export type ElicitRequest = {
  method: 'elicitation/create';
  params: ElicitRequestParams;
};

/** What the user said. `content` holds the form's fields when the user accepted. */
export type ElicitResult = Result & {
  action: 'accept' | 'decline' | 'cancel';
  content?: { [field: string]: string | number | boolean | string[] };
};

/** Tells a 2025-11-25 client that what happens at a URL is over. */
export type ElicitationCompleteNotificationParams = NotificationParams & {
  elicitationId: string;
};
