import type { Annotations, BaseMetadata, Icons } from './implementation.ts';
import type { Meta } from './meta.ts';

/** A thing that a server lets a client read. */
export type Resource = BaseMetadata &
  Icons & {
    uri: string;
    description?: string;
    mimeType?: string;
    annotations?: Annotations;
    /** Bytes before any encoding. */
    size?: number;
    _meta?: Meta;
  };

/** A family of resources, named by an RFC 6570 template. */
export type ResourceTemplate = BaseMetadata &
  Icons & {
    uriTemplate: string;
    description?: string;
    /** The type of every resource of the family, where they share one. */
    mimeType?: string;
    annotations?: Annotations;
    _meta?: Meta;
  };

/** What a resource holds, as text. */
export type TextResourceContents = {
  uri: string;
  mimeType?: string;
  text: string;
  _meta?: Meta;
};

/** What a resource holds, as Base64. */
export type BlobResourceContents = {
  uri: string;
  mimeType?: string;
  blob: string;
  _meta?: Meta;
};

/** What a resource holds. */
export type ResourceContents = TextResourceContents | BlobResourceContents;
