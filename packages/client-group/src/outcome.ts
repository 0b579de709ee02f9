import type { ComponentKind, Quarantined } from './components.ts';
import type { SessionParameters } from './group-options.ts';
import type { Member } from './member.ts';

/** How far connecting has come: one report for each server that was dealt with. */
export interface ConnectProgress {
  readonly server: string;
  /** Why it failed; absent if it did not. */
  readonly error?: unknown;
  readonly done: number;
  readonly total: number;
}

/** How many servers are connected to. */
export interface ConnectOptions {
  /** Opens sessions when something of their server is first needed; what `sessions` says of one goes before. */
  readonly lazy?: boolean | undefined;
  /** How the session with each is opened and kept, by name. */
  readonly sessions?: Readonly<Record<string, Omit<SessionParameters, 'name'>>> | undefined;
  readonly onProgress?: ((progress: ConnectProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What came of connecting to many servers: everything, the good and the bad, in one value. */
export interface GroupOutcome {
  /** The servers that are in the group now. */
  readonly connected: readonly string[];
  /** The servers that are not, and why. */
  readonly failed: readonly { readonly server: string; readonly error: unknown }[];
  /** Lists of connected servers that could not be read. */
  readonly unread: readonly {
    readonly server: string;
    readonly kind: ComponentKind;
    readonly error: Error;
  }[];
  /** What connected servers offer that is not passed on. */
  readonly quarantined: readonly Quarantined[];
}

/** Opens many servers, a few at once, and says what came of it. */
export async function outcomeOf(
  names: readonly string[],
  open: (name: string) => Promise<Member>,
  { concurrency = 16, onProgress }: ConnectOptions & { readonly concurrency?: number | undefined },
): Promise<GroupOutcome> {
  const members = new Map<string, Member>();
  const errors = new Map<string, unknown>();
  const waiting = names.values();
  const work = async (): Promise<void> => {
    for (const server of waiting) {
      try {
        members.set(server, await open(server));
      } catch (error) {
        errors.set(server, error);
      }
      const done = members.size + errors.size;
      const failure = errors.has(server) && { error: errors.get(server) };
      onProgress?.({ server, ...failure, done, total: names.length });
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, names.length) }, work));
  const connected = names.flatMap((name) => members.get(name) ?? []);
  return {
    connected: connected.map(({ name }) => name),
    failed: names.filter((name) => errors.has(name)).map((server) => ({ server, error: errors.get(server) })),
    unread: connected.flatMap(({ name, failures }) =>
      [...failures].map(([kind, error]) => ({ server: name, kind, error })),
    ),
    quarantined: connected.flatMap(({ quarantined }) => quarantined),
  };
}
