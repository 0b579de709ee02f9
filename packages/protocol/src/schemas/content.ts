import type {
  AudioContent,
  ContentBlock,
  EmbeddedResource,
  ImageContent,
  ResourceLink,
  TextContent,
} from '../content.ts';
import type {
  BlobResourceContents,
  Resource,
  ResourceContents,
  ResourceTemplate,
  TextResourceContents,
} from '../resource.ts';
import { JUNE_2025, MARCH_2025 } from '../revision/revisions.ts';
import type { Common } from './common.ts';
import { integer, literal, object, optional, string, union } from './shape.ts';
import type { Schema, SchemasOf } from './shape.ts';

export type ContentSchemas = SchemasOf<{
  Resource: Resource;
  ResourceTemplate: ResourceTemplate;
  TextResourceContents: TextResourceContents;
  BlobResourceContents: BlobResourceContents;
  TextContent: TextContent;
  ImageContent: ImageContent;
  EmbeddedResource: EmbeddedResource;
  ContentBlock: ContentBlock;
}> &
  Partial<SchemasOf<{ AudioContent: AudioContent; ResourceLink: ResourceLink }>>;

/** Content, and the resources that it embeds or links to. */
export function contentSchemas(common: Common): ContentSchemas {
  const { annotated, open, since } = common;
  const data = { data: string, mimeType: string, ...annotated, ...open };
  const TextContent: Schema<TextContent> = object({
    type: literal('text'),
    text: string,
    ...annotated,
    ...open,
  });
  const ImageContent: Schema<ImageContent> = object({ type: literal('image'), ...data });
  const AudioContent: Schema<AudioContent> = object({ type: literal('audio'), ...data });
  const resources = resourceSchemas(common);
  const ResourceLink: Schema<ResourceLink> = object({ type: literal('resource_link'), ...resources.shape });
  const EmbeddedResource: Schema<EmbeddedResource> = object({
    type: literal('resource'),
    resource: union<ResourceContents>(
      resources.types.TextResourceContents,
      resources.types.BlobResourceContents,
    ),
    ...annotated,
    ...open,
  });
  const ContentBlock = union<ContentBlock>(
    TextContent,
    ImageContent,
    since(MARCH_2025, AudioContent),
    since(JUNE_2025, ResourceLink),
    EmbeddedResource,
  );
  return {
    ...resources.types,
    TextContent,
    ImageContent,
    EmbeddedResource,
    ContentBlock,
    ...since(MARCH_2025, { AudioContent }),
    ...since(JUNE_2025, { ResourceLink }),
  };
}

function resourceSchemas({ named, pictured, annotated, open }: Common) {
  const described = { description: optional(string), mimeType: optional(string), ...annotated, ...open };
  const contents = { uri: string, mimeType: optional(string), ...open };
  const shape = { ...named, ...pictured, uri: string, size: optional(integer), ...described };
  return {
    shape,
    types: {
      Resource: object<Resource>(shape),
      ResourceTemplate: object<ResourceTemplate>({
        ...named,
        ...pictured,
        uriTemplate: string,
        ...described,
      }),
      TextResourceContents: object<TextResourceContents>({ ...contents, text: string }),
      BlobResourceContents: object<BlobResourceContents>({ ...contents, blob: string }),
    },
  };
}
