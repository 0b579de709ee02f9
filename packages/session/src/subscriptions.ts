/** What a server can say has changed. */
export type Change =
  | { readonly kind: 'tools' | 'prompts' | 'resources' }
  | { readonly kind: 'resource'; readonly uri: string };

/** One listener. `deliver` resolves when there is room for more; a change that it rejects is lost. */
export interface Subscriber {
  readonly deliver: (change: Change) => Promise<void>;
}

/** What one listener follows. */
export interface Subscription {
  follow(change: Change): void;
  unfollow(change: Change): void;
  end(): void;
}

/** Brings changes to those who follow them. Memory is bounded by what is followed, not by how often it changes. */
export class Subscriptions {
  readonly #followers = new Map<string, Set<Follower>>();
  #open = 0;

  /** How many listeners there are. */
  get open(): number {
    return this.#open;
  }

  /** Adds a listener that follows nothing yet. */
  add(subscriber: Subscriber): Subscription {
    const follower = new Follower(subscriber);
    const followed = new Set<string>();
    this.#open += 1;
    return {
      follow: (change) => {
        const key = keyOf(change);
        const followers = this.#followers.get(key) ?? new Set();
        this.#followers.set(key, followers.add(follower));
        followed.add(key);
      },
      unfollow: (change) => {
        followed.delete(keyOf(change));
        this.#drop(keyOf(change), follower);
      },
      end: () => {
        if (follower.ended) return;
        follower.ended = true;
        this.#open -= 1;
        for (const key of followed) this.#drop(key, follower);
      },
    };
  }

  /** Tells everyone who follows this change, each at its own pace. */
  publish(change: Change): void {
    const key = keyOf(change);
    for (const follower of this.#followers.get(key) ?? []) follower.mark(key, change);
  }

  #drop(key: string, follower: Follower): void {
    const followers = this.#followers.get(key);
    followers?.delete(follower);
    if (followers?.size === 0) this.#followers.delete(key);
  }
}

/** Holds what a listener has not heard yet as a set: a slow reader costs one entry per thing followed. */
class Follower {
  readonly #subscriber: Subscriber;
  readonly #dirty = new Map<string, Change>();
  #busy = false;
  ended = false;

  constructor(subscriber: Subscriber) {
    this.#subscriber = subscriber;
  }

  mark(key: string, change: Change): void {
    this.#dirty.set(key, change);
    if (!this.#busy) void this.#deliver();
  }

  async #deliver(): Promise<void> {
    this.#busy = true;
    await Promise.resolve();
    for (const [key, change] of this.#dirty) {
      this.#dirty.delete(key);
      if (this.ended) continue;
      await this.#subscriber.deliver(change).catch(() => {});
    }
    this.#busy = false;
  }
}

function keyOf(change: Change): string {
  return change.kind === 'resource' ? `resource ${change.uri}` : change.kind;
}
