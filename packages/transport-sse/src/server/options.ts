import type { HttpHostOptions } from '@trunkline/http-host';

/** Where the stream is offered, where messages are posted to, and how many may. */
export interface SseSiteOptions {
  /** The path of the stream, compared exactly; `/sse` unless given. */
  readonly path?: string;
  /** The path that messages are posted to, which the stream announces; `/messages` unless given. */
  readonly messages?: string;
  /** Most sessions at once; 10,000 unless given. More are answered with 503. */
  readonly maxSessions?: number;
  /** Most sessions of one verified principal at once; 100 unless given. More are answered with 429. */
  readonly maxSessionsPerPrincipal?: number;
}

/** What is served, what is checked, and within which bounds. */
export interface SseServerOptions extends SseSiteOptions, HttpHostOptions {}
