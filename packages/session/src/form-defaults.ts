import { isJsonObject, type ElicitResult, type JsonObject } from '@trunkline/protocol';

/** An accepted form whose fields that were left out have the defaults of its schema. https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation */
export function withDefaults(answer: ElicitResult, { requestedSchema }: JsonObject): ElicitResult {
  const properties = isJsonObject(requestedSchema) ? requestedSchema['properties'] : undefined;
  if (answer.action !== 'accept' || !isJsonObject(properties)) return answer;
  const defaults = Object.entries(properties).flatMap(([name, property]) =>
    isJsonObject(property) && property['default'] !== undefined ? [[name, property['default']] as const] : [],
  );
  if (defaults.length === 0) return answer;
  return { ...answer, content: { ...Object.fromEntries(defaults), ...answer.content } } as ElicitResult;
}
