import type { ServerResponse } from 'node:http';
import type { Outlet } from '../call.ts';

/** Writes a `ServerResponse`, whose head is set already. */
export class NodeOutlet implements Outlet {
  readonly #response: ServerResponse;
  readonly #limits: { readonly maxPendingBytes: number; readonly writeStall: number };
  readonly #done: () => void;
  #room: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  #begun = false;
  #over = false;

  constructor(
    response: ServerResponse,
    limits: { readonly maxPendingBytes: number; readonly writeStall: number },
    done: () => void,
  ) {
    this.#response = response;
    this.#limits = limits;
    this.#done = done;
    response.on('drain', () => this.#makeRoom());
    // Whoever waits for the head must not wait for the first event; often that follows at once and takes the head along.
    process.nextTick(() => {
      if (!this.#begun && !this.#over) response.flushHeaders();
    });
  }

  write(text: string): Promise<void> | undefined {
    if (this.#over) return undefined;
    if (this.#response.writableLength + text.length > this.#limits.maxPendingBytes) {
      this.#response.destroy();
      return undefined;
    }
    this.#begun = true;
    return this.#response.write(text) ? undefined : this.#awaitRoom();
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#response.end();
    if (this.#response.writableLength > 0) watchStall(this.#response, this.#limits.writeStall);
    this.#makeRoom();
    this.#done();
  }

  /** The client left; nobody waits for room any more. */
  leave(): void {
    this.#over = true;
    this.#makeRoom();
  }

  #awaitRoom(): Promise<void> {
    if (!this.#room) {
      let resolve: () => void = () => {};
      const promise = new Promise<void>((settle) => (resolve = settle));
      this.#room = { promise, resolve };
      watchStall(this.#response, this.#limits.writeStall);
    }
    return this.#room.promise;
  }

  #makeRoom(): void {
    if (!this.#room) return;
    this.#response.socket?.setTimeout(0);
    this.#room.resolve();
    this.#room = undefined;
  }
}

/** Breaks a connection off when its reader takes nothing for so long. Node looks at what is written, not at what is said. */
export function watchStall(response: ServerResponse, milliseconds: number): void {
  if (milliseconds === Infinity) return;
  if (response.listenerCount('timeout') === 0) response.on('timeout', () => response.destroy());
  response.socket?.setTimeout(milliseconds);
}
