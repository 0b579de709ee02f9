import type { Listening, Logger } from '@trunkline/session';
import type { Route } from './directory.ts';
import { GroupError } from './group-error.ts';

interface Followed {
  readonly opening: Promise<Listening>;
  server?: string;
}

/** Resources that one group may follow. */
const MAX_FOLLOWED = 10_000;

/** Follows single resources, each where it is, and reports their updates by the name they have in the group. */
export class ResourceFollowers {
  readonly #followed = new Map<string, Followed>();
  readonly #onUpdate: (uri: string) => void;
  readonly #logger: Logger;

  constructor(onUpdate: (uri: string) => void, logger: Logger) {
    this.#onUpdate = onUpdate;
    this.#logger = logger;
  }

  async follow(uri: string, route: () => Promise<Route>): Promise<void> {
    const known = this.#followed.get(uri);
    if (known) return void (await known.opening);
    if (this.#followed.size >= MAX_FOLLOWED)
      throw new GroupError('misuse', `a group follows at most ${MAX_FOLLOWED} resources; end some`);
    const routed = route();
    const opening = routed.then(({ client, ownName }) => client.listen({ resourceSubscriptions: [ownName] }));
    const followed: Followed = { opening };
    this.#followed.set(uri, followed);
    try {
      followed.server = (await routed).server;
      void this.#report(uri, followed, await opening);
    } catch (error) {
      this.#forget(uri, followed);
      throw error;
    }
  }

  async unfollow(uri: string): Promise<void> {
    const followed = this.#followed.get(uri);
    this.#followed.delete(uri);
    const listening = await followed?.opening.catch(() => undefined);
    await listening?.close();
  }

  /** Ends everything that was followed at a server. */
  forget(server: string): void {
    for (const [uri, followed] of this.#followed) if (followed.server === server) void this.unfollow(uri);
  }

  async #report(uri: string, followed: Followed, listening: Listening): Promise<void> {
    try {
      for await (const { kind } of listening) if (kind === 'resource') this.#onUpdate(uri);
    } catch (error) {
      this.#logger.warn(`updates of ${uri} are followed no more`, error);
    }
    this.#forget(uri, followed);
  }

  #forget(uri: string, followed: Followed): void {
    if (this.#followed.get(uri) === followed) this.#followed.delete(uri);
  }
}
