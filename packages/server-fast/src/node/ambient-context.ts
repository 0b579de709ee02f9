import { AsyncLocalStorage } from 'node:async_hooks';
import { SessionError } from '@trunkline/session';
import type { Middleware } from '../call.ts';
import type { Context } from '../context.ts';

const CONTEXTS = new AsyncLocalStorage<Context<unknown>>();

/** Makes the context of each call known to `getContext`, however deep below the handler it is asked for. */
export function ambientContext(): Middleware {
  return ({ context }, next) => CONTEXTS.run(context, next);
}

/** The context of the call that this code runs for. Throws a `SessionError` where there is none: outside of calls, or without `ambientContext`. */
export function getContext<Values = unknown>(): Context<Values> {
  const context = CONTEXTS.getStore();
  if (context) return context as Context<Values>;
  throw new SessionError('misuse', 'no call is running here; has the server .use(ambientContext())?');
}
