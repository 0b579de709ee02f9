import { isJsonObject, own } from './json.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { ClientTasksCapability, ServerTasksCapability } from './tasks-legacy.ts';

/** Extensions by identifier, each with its settings; `{}` means supported without settings. */
export type Extensions = { [id: string]: JsonObject };

/** What a client can do for a server. An empty object means yes, absence means no. */
export type ClientCapabilities = {
  experimental?: { [name: string]: JsonObject };
  /** `{}` means forms only. */
  elicitation?: { form?: JsonObject; url?: JsonObject };
  /** @deprecated Pass paths as tool arguments, resource URIs or configuration. */
  roots?: { listChanged?: boolean };
  /** @deprecated Call the API of a language model directly. */
  sampling?: { context?: JsonObject; tools?: JsonObject };
  extensions?: Extensions;
  tasks?: ClientTasksCapability;
};

/** What a server offers. An empty object means yes, absence means no. */
export type ServerCapabilities = {
  experimental?: { [name: string]: JsonObject };
  /** @deprecated Write to stderr or to OpenTelemetry instead of logging through the protocol. */
  logging?: JsonObject;
  completions?: JsonObject;
  prompts?: { listChanged?: boolean };
  resources?: { subscribe?: boolean; listChanged?: boolean };
  tools?: { listChanged?: boolean };
  extensions?: Extensions;
  tasks?: ServerTasksCapability;
};

/** What one of the two peers can do. */
export type Capabilities = ClientCapabilities | ServerCapabilities;

/**
 * The part of `required` that `declared` lacks, ready for an error's `requiredCapabilities`; `undefined` when nothing is
 * missing. An object asks that one be declared, with all of its members; another value asks for the same value. Inherited
 * members grant nothing, and an elicitation capability that names no mode stands for forms.
 */
export function missingCapabilities<C extends Capabilities>(declared: C, required: C): C | undefined {
  return missingPart(withElicitationModes(declared), required) as C | undefined;
}

/** The union of all the parts: objects merge member by member, of other values the last one stands. */
export function mergeCapabilities<C extends Capabilities>(...parts: C[]): C {
  return parts.reduce<JsonObject>((merged, part) => merge(merged, part), {}) as C;
}

function withElicitationModes(declared: Capabilities): JsonObject {
  const elicitation = own(declared, 'elicitation');
  const silent =
    isJsonObject(elicitation) &&
    own(elicitation, 'form') === undefined &&
    own(elicitation, 'url') === undefined;
  return silent ? { ...declared, elicitation: { ...elicitation, form: {} } } : declared;
}

function missingPart(declared: JsonObject, required: JsonObject): JsonObject | undefined {
  const missing = Object.entries(required).flatMap(([name, wanted]): [string, JsonValue | undefined][] => {
    const found = own(declared, name);
    if (!isJsonObject(wanted)) return wanted === undefined || wanted === found ? [] : [[name, wanted]];
    const part = isJsonObject(found) ? missingPart(found, wanted) : wanted;
    return part === undefined ? [] : [[name, part]];
  });
  return missing.length === 0 ? undefined : Object.fromEntries(missing);
}

function merge(left: JsonObject, right: JsonObject): JsonObject {
  const added = Object.entries(right).map(([name, value]): [string, JsonValue | undefined] => {
    const before = own(left, name);
    return [name, isJsonObject(before) && isJsonObject(value) ? merge(before, value) : value];
  });
  return Object.fromEntries([...Object.entries(left), ...added]);
}
