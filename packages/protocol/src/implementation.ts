/** Who speaks or is spoken to: the user, or the model. */
export type Role = 'user' | 'assistant';

/** A name for programs and, where given, one for people. */
export type BaseMetadata = {
  /** Identifies the thing to programs; shown to people only when there is no `title`. */
  name: string;
  title?: string;
};

/** A picture of the thing. Treat `src` as untrusted: fetch it without credentials and never run it. */
export type Icon = {
  /** An `https:` or `data:` URI. */
  src: string;
  mimeType?: string;
  /** Such as `48x48`, or `any` for a picture that scales. */
  sizes?: string[];
  theme?: 'light' | 'dark';
};

/** Pictures of the thing in several sizes; whoever shows it picks one. */
export type Icons = {
  icons?: Icon[];
};

/** What a client or server says of itself. Self-declared: for display and logs, never for decisions. */
export type Implementation = BaseMetadata &
  Icons & {
    version: string;
    description?: string;
    websiteUrl?: string;
  };

/** Hints for whoever shows or selects content. Untrusted unless the sender is trusted. */
export type Annotations = {
  audience?: Role[];
  /** From 0, entirely optional, to 1, effectively required. */
  priority?: number;
  /** An ISO 8601 date and time. */
  lastModified?: string;
};
