type Listener = (message: string) => void;

/** Who listens to what. Messages are delivered in a later microtask, never within `publish`. */
export class MemoryTopics {
  readonly #topics = new Map<string, Set<{ readonly hear: Listener }>>();

  publish(topic: string, message: string): void {
    for (const subscription of this.#topics.get(topic) ?? []) {
      queueMicrotask(() => {
        if (this.#topics.get(topic)?.has(subscription)) tell(subscription.hear, message);
      });
    }
  }

  subscribe(topic: string, hear: Listener): () => Promise<void> {
    const subscription = { hear };
    const listeners = this.#topics.get(topic) ?? new Set();
    this.#topics.set(topic, listeners.add(subscription));
    return async () => {
      listeners.delete(subscription);
      if (listeners.size === 0 && this.#topics.get(topic) === listeners) this.#topics.delete(topic);
    };
  }

  clear(): void {
    this.#topics.clear();
  }
}

function tell(hear: Listener, message: string): void {
  try {
    hear(message);
  } catch {
    // One listener's mistake is not the others'.
  }
}
