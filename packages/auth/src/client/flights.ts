/** Runs one task at a time; who asks for one that is under way, or waits, shares its outcome. */
export class Flights<T> {
  readonly #under = new Map<string, Promise<T>>();
  #last: Promise<unknown> = Promise.resolve();

  run(key: string, task: () => Promise<T>): Promise<T> {
    const running = this.#under.get(key);
    if (running) return running;
    const flight = this.#last.then(task).finally(() => this.#under.delete(key));
    this.#under.set(key, flight);
    this.#last = flight.catch(() => {});
    return flight;
  }
}
