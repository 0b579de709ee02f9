/** A map that shows at every moment what `read` gives, whoever holds it. */
export class LiveMap<Value> implements ReadonlyMap<string, Value> {
  readonly #read: () => ReadonlyMap<string, Value>;

  constructor(read: () => ReadonlyMap<string, Value>) {
    this.#read = read;
  }

  get size(): number {
    return this.#read().size;
  }

  get(key: string): Value | undefined {
    return this.#read().get(key);
  }

  has(key: string): boolean {
    return this.#read().has(key);
  }

  keys(): MapIterator<string> {
    return this.#read().keys();
  }

  values(): MapIterator<Value> {
    return this.#read().values();
  }

  entries(): MapIterator<[string, Value]> {
    return this.#read().entries();
  }

  forEach(run: (value: Value, key: string, map: ReadonlyMap<string, Value>) => void): void {
    for (const [key, value] of this.#read()) run(value, key, this);
  }

  [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }
}
