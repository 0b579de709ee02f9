import { isJsonObject, type JsonObject, type JsonValue } from '@trunkline/protocol';

/** Says in words what keeps params from being those of their method; `undefined` when nothing does. */
export type ParamCheck = (params: JsonObject) => string | undefined;

/** The check of what a method's handlers read without looking; `undefined` for a method that may have any params. */
export function paramCheckOf(method: string): ParamCheck | undefined {
  return CHECKS.get(method);
}

const page: ParamCheck = ({ cursor }) =>
  cursor === undefined || typeof cursor === 'string' ? undefined : 'cursor is not a string';

const CHECKS: ReadonlyMap<string, ParamCheck> = new Map<string, ParamCheck>([
  ['tools/list', page],
  ['prompts/list', page],
  ['resources/list', page],
  ['resources/templates/list', page],
  ['tools/call', named],
  ['prompts/get', named],
  ['resources/read', ({ uri }) => (typeof uri === 'string' ? undefined : 'uri is not a string')],
  ['completion/complete', completion],
]);

function named({ name, arguments: args }: JsonObject): string | undefined {
  if (typeof name !== 'string') return 'name is not a string';
  return args === undefined || isJsonObject(args) ? undefined : 'arguments is not an object';
}

function completion({ ref, argument }: JsonObject): string | undefined {
  if (!hasTexts(ref, 'type')) return 'ref is not a reference';
  const key = ref['type'] === 'ref/resource' ? 'uri' : 'name';
  if (!hasTexts(ref, key)) return `ref.${key} is not a string`;
  return hasTexts(argument, 'name', 'value') ? undefined : 'argument is not a name and a value';
}

function hasTexts(value: JsonValue | undefined, ...names: string[]): value is JsonObject {
  return isJsonObject(value) && names.every((name) => typeof value[name] === 'string');
}
