/** What the suite asks of its platform, where the platform knows. */
interface Platform {
  readonly gc?: () => void;
  readonly process?: {
    getActiveResourcesInfo?(): readonly string[];
    memoryUsage?(): { readonly heapUsed: number };
  };
}

const platform: Platform = globalThis as Platform;

/** The kinds of open handles, sockets, pipes and timers; `undefined` where the platform keeps no list. */
export function openHandles(): readonly string[] | undefined {
  return platform.process?.getActiveResourcesInfo?.();
}

/** The bytes in use after a collection; `undefined` where they cannot be known. */
export function heapInUse(): number | undefined {
  platform.gc?.();
  return platform.gc && platform.process?.memoryUsage?.().heapUsed;
}
