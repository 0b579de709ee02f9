import type { AudioContent, ResourceLink } from '../content.ts';
import { isJsonObject } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { knownIn, mapMember, mapObjects, without } from './fields.ts';
import { encodeAnnotated, encodeResource } from './legacy-items.ts';
import { JUNE_2025, MARCH_2025, NOVEMBER_2025 } from './revisions.ts';

/**
 * One piece of content in the kinds that a legacy revision has. A resource link becomes text before 2025-06-18, and audio
 * becomes a note in the text of 2024-11-05: the receiver learns that something is there, and where.
 */
export function encodeContent(revision: string, block: JsonObject): JsonObject {
  if (revision >= NOVEMBER_2025) return block;
  if (block['type'] === 'resource_link') return encodeLink(revision, block);
  if (block['type'] === 'audio' && revision < MARCH_2025) return encodeAudio(revision, block);
  const known = encodeAnnotated(revision, withoutMeta(revision, block));
  return mapMember(known, 'resource', (resource) =>
    isJsonObject(resource) ? withoutMeta(revision, resource) : resource,
  );
}

/** What a resource holds, in the fields of a legacy revision. */
export function encodeContents(revision: string, contents: JsonObject): JsonObject {
  return withoutMeta(revision, contents);
}

/** Content and structured content of a tool: a legacy revision has only objects as structured content, the first two none. */
export function encodeYield(revision: string, result: JsonObject): JsonObject {
  const known = mapMember(result, 'content', (list) =>
    mapObjects(list, (block) => encodeContent(revision, block)),
  );
  const structured = known['structuredContent'];
  if (structured === undefined || (isJsonObject(structured) && revision >= JUNE_2025)) return known;
  return mapMember(without(known, 'structuredContent'), 'content', (list) => withText(list, structured));
}

function encodeLink(revision: string, link: JsonObject): JsonObject {
  if (revision >= JUNE_2025) return encodeResource(revision, link);
  const { title, name, uri, description, annotations } = link as ResourceLink;
  const about = description === undefined ? '' : ` (${description})`;
  return textIn(revision, `Resource: ${title ?? name}${about} ${uri}`, annotations);
}

function encodeAudio(revision: string, audio: JsonObject): JsonObject {
  const { mimeType, annotations } = audio as AudioContent;
  return textIn(revision, `[Audio of type ${mimeType}, which this client cannot receive]`, annotations);
}

function textIn(revision: string, text: string, annotations: JsonValue | undefined): JsonObject {
  const block = { type: 'text', text };
  return annotations === undefined ? block : encodeAnnotated(revision, { ...block, annotations });
}

function withoutMeta(revision: string, object: JsonObject): JsonObject {
  return knownIn(revision, object, { _meta: JUNE_2025 });
}

function withText(list: JsonValue, structured: JsonValue): JsonValue {
  if (!Array.isArray(list) || list.some((block) => isJsonObject(block) && block['type'] === 'text'))
    return list;
  return [...list, { type: 'text', text: JSON.stringify(structured) }];
}
