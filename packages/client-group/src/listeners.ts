import type { Logger } from '@trunkline/session';

/** Functions that hear of something. What one throws costs the others nothing. */
export class Listeners<Heard extends readonly unknown[]> {
  readonly #listeners = new Set<(...heard: Heard) => void>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  add(listener: (...heard: Heard) => void): () => void {
    const own = (...heard: Heard): void => listener(...heard);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  tell(...heard: Heard): void {
    for (const listener of this.#listeners) {
      try {
        listener(...heard);
      } catch (error) {
        this.#logger.error('a listener of the group threw', error);
      }
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}
