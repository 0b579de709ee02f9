import { missingRequiredClientCapability } from '../error-codes.ts';
import { isJsonObject } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { knownIn, mapMember, mapObjects, without } from './fields.ts';
import { encodeContent, encodeYield } from './legacy-content.ts';
import { encodeTool } from './legacy-items.ts';
import { NOVEMBER_2025 } from './revisions.ts';

/**
 * A request to a client's model in the words of a legacy revision. Before 2025-11-25 a message has one piece of content, so
 * one with several becomes several messages, and there are no tools: throws -32021 for a request that uses them.
 */
export function encodeSampling(revision: string, params: JsonObject): JsonObject {
  if (revision >= NOVEMBER_2025) {
    const messages = mapMember(params, 'messages', (list) =>
      mapObjects(list, (message) => encodeTurn(revision, message)),
    );
    return mapMember(messages, 'tools', (list) => mapObjects(list, (tool) => encodeTool(revision, tool)));
  }
  if (params['tools'] !== undefined || params['toolChoice'] !== undefined) throw noTools();
  return mapMember(without(params, 'task'), 'messages', (list) =>
    Array.isArray(list)
      ? list.flatMap((message): JsonValue[] =>
          isJsonObject(message) ? splitTurn(revision, message) : [message],
        )
      : list,
  );
}

/**
 * What a client's model said, in the words of a legacy revision. Before 2025-11-25 it is one piece of content: all the
 * texts together, or the first piece where not all are text. There is no tool to be used, so nothing is said of tools.
 */
export function encodeSampled(revision: string, result: JsonObject): JsonObject {
  if (revision >= NOVEMBER_2025) return encodeTurn(revision, result);
  return mapMember(result, 'content', (content) => {
    const blocks = blocksOf(content).filter((block) => !isToolUse(block));
    const [first] = blocks;
    if (first && (blocks.length === 1 || blocks.some(({ type }) => type !== 'text')))
      return encodeContent(revision, first);
    const texts = blocks.map(({ text }) => (typeof text === 'string' ? text : ''));
    return { type: 'text', text: texts.join('\n') };
  });
}

function encodeTurn(revision: string, message: JsonObject): JsonObject {
  const encodeBlock = (block: JsonObject): JsonObject =>
    block['type'] === 'tool_result' ? encodeYield(revision, block) : block;
  return mapMember(message, 'content', (content) =>
    isJsonObject(content) ? encodeBlock(content) : mapObjects(content, encodeBlock),
  );
}

function splitTurn(revision: string, message: JsonObject): JsonObject[] {
  const turn = knownIn(revision, message, { _meta: NOVEMBER_2025 });
  return blocksOf(turn['content']).map((block) => {
    if (isToolUse(block)) throw noTools();
    return { ...turn, content: encodeContent(revision, block) };
  });
}

function blocksOf(content: JsonValue | undefined): JsonObject[] {
  return (Array.isArray(content) ? content : [content]).filter((block) => isJsonObject(block));
}

function isToolUse({ type }: JsonObject): boolean {
  return type === 'tool_use' || type === 'tool_result';
}

function noTools(): Error {
  return missingRequiredClientCapability({ sampling: { tools: {} } });
}
