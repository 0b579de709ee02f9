import { missingRequiredClientCapability } from '../error-codes.ts';
import type { TextContent } from '../content.ts';
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
 * texts together, or the first piece where not all are text.
 */
export function encodeSampled(revision: string, result: JsonObject): JsonObject {
  if (revision >= NOVEMBER_2025) return encodeTurn(revision, result);
  return mapMember(result, 'content', (content) => {
    const blocks = blocksOf(content).map((block) => encodeContent(revision, block));
    if (blocks.length < 2 || !blocks.every(isText)) return blocks[0] ?? content;
    return { type: 'text', text: blocks.map((block) => block.text).join('\n') };
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
    if (block['type'] === 'tool_use' || block['type'] === 'tool_result') throw noTools();
    return { ...turn, content: encodeContent(revision, block) };
  });
}

function blocksOf(content: JsonValue | undefined): JsonObject[] {
  return (Array.isArray(content) ? content : [content]).filter((block) => isJsonObject(block));
}

function isText(block: JsonObject): block is TextContent {
  return block['type'] === 'text' && typeof block['text'] === 'string';
}

function noTools(): Error {
  return missingRequiredClientCapability({ sampling: { tools: {} } });
}
