/**
 * Where tokens and registrations are kept between programs. Keys name server, issuer and client in full, so nothing is ever
 * found by another; values are JSON text and secret. Methods reject with an `AuthError` of code `storage`.
 */
export interface CredentialStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  /** Tells whether it was there: of all who delete one key, exactly one hears so. */
  delete(key: string): Promise<boolean>;
  /** Runs `task` while no other for the same key runs, in whatever process shares the store. */
  lock?<T>(key: string, task: () => Promise<T>): Promise<T>;
}

/** Keeps credentials as long as the program runs. */
export function memoryCredentials(): CredentialStore {
  const entries = new Map<string, string>();
  return {
    get: async (key) => entries.get(key),
    set: async (key, value) => void entries.set(key, value),
    delete: async (key) => entries.delete(key),
  };
}

/** A key that no other combination of parts has. */
export function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

/** The object under a key, or `undefined` where there is none, or something else. */
export async function readRecord(
  store: CredentialStore,
  key: string,
): Promise<Record<string, unknown> | undefined> {
  const text = await store.get(key);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
