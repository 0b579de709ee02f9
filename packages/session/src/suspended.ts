/**
 * Unwinds a handler that asked its client something: the answer comes with a later request, and the handler runs again.
 * `finally` blocks run; a handler that swallows it cannot keep the call from being suspended.
 */
export class Suspended extends Error {
  constructor() {
    super('the call continues when the client has answered; let this pass');
    this.name = 'Suspended';
  }
}
