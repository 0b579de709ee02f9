/** For how long a result may be reused, and for whom. https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/caching */
export type CacheHints = {
  /** Milliseconds from receipt. Absent means 0: not to be reused. */
  ttlMs?: number;
  /** `public` may be shared between users; `private`, the default, only within one authorization context. */
  cacheScope?: CacheScope;
};

/** Who may be given a cached result. */
export type CacheScope = 'public' | 'private';
