/** What a server opens before it serves and closes when it is closed. */
export class Lifespan {
  readonly #start: (() => unknown) | undefined;
  #opening: Promise<void> | undefined;
  #values: unknown;
  #open: boolean;

  constructor(start: (() => unknown) | undefined) {
    this.#start = start;
    this.#open = start === undefined;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  get values(): unknown {
    return this.#values;
  }

  /** Opens once, however many wait for it. Rejects with what starting threw; the next call tries again. */
  open(): Promise<void> {
    this.#opening ??= this.#run().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /** Disposes of what was opened, once. */
  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    await opening?.catch(() => {});
    this.#open = this.#start === undefined;
    const values = this.#values;
    this.#values = undefined;
    if (typeof values !== 'object' || values === null) return;
    if (Symbol.asyncDispose in values) await (values as AsyncDisposable)[Symbol.asyncDispose]();
    else if (Symbol.dispose in values) (values as Disposable)[Symbol.dispose]();
  }

  async #run(): Promise<void> {
    this.#values = await this.#start?.();
    this.#open = true;
  }
}
