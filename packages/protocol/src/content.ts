import type { Annotations } from './implementation.ts';
import type { Meta } from './meta.ts';
import type { Resource, ResourceContents } from './resource.ts';

/** Text for the model or the user. */
export type TextContent = {
  type: 'text';
  text: string;
  annotations?: Annotations;
  _meta?: Meta;
};

/** A picture. */
export type ImageContent = {
  type: 'image';
  /** Base64. */
  data: string;
  mimeType: string;
  annotations?: Annotations;
  _meta?: Meta;
};

/** Sound. */
export type AudioContent = {
  type: 'audio';
  /** Base64. */
  data: string;
  mimeType: string;
  annotations?: Annotations;
  _meta?: Meta;
};

/** A resource that can be read, though it need not be in any list. */
export type ResourceLink = Resource & {
  type: 'resource_link';
};

/** A resource together with what it holds. */
export type EmbeddedResource = {
  type: 'resource';
  resource: ResourceContents;
  annotations?: Annotations;
  _meta?: Meta;
};

/** One piece of what a tool or a prompt yields. */
export type ContentBlock = TextContent | ImageContent | AudioContent | ResourceLink | EmbeddedResource;
