/** Something that is passed at once while it is open, and waited for while it is closed. */
export class Gate {
  #closed: Promise<void> | undefined;
  #open = (): void => {};

  /** What to wait for; nothing while the gate is open. */
  get passage(): Promise<void> | undefined {
    return this.#closed;
  }

  close(): void {
    this.#closed ??= new Promise((resolve) => (this.#open = resolve));
  }

  open(): void {
    this.#closed = undefined;
    this.#open();
  }
}
