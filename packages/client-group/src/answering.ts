import { methodNotFound, type JsonObject } from '@trunkline/protocol';
import type { InputContext, InputHandlers } from '@trunkline/session';
import type { RelayedCalls } from './relayed-calls.ts';

/** Handlers that ask whoever made the call that is being relayed; without one, the host's own handlers. */
export function answeringFor(
  server: () => string,
  relayed: RelayedCalls,
  own: InputHandlers,
): Required<InputHandlers> {
  const ask = async (
    method: string,
    params: unknown,
    alone: (() => unknown) | undefined,
  ): Promise<unknown> => {
    const call = relayed.asking(server());
    if (call) return call.ask(method, params as JsonObject);
    if (!alone) throw methodNotFound(method);
    return alone();
  };
  const { onElicit, onSample, roots } = own;
  const listed = (context: InputContext): unknown => (typeof roots === 'function' ? roots(context) : roots);
  type Answer<Name extends 'onElicit' | 'onSample'> = Awaited<ReturnType<NonNullable<InputHandlers[Name]>>>;
  return {
    onElicit: async (params, context) =>
      (await ask(
        'elicitation/create',
        params,
        onElicit && (() => onElicit(params, context)),
      )) as Answer<'onElicit'>,
    onSample: async (params, context) =>
      (await ask(
        'sampling/createMessage',
        params,
        onSample && (() => onSample(params, context)),
      )) as Answer<'onSample'>,
    roots: async (context) => {
      const alone = roots && (async () => ({ roots: await listed(context) }));
      return ((await ask('roots/list', {}, alone)) as { roots: [] }).roots;
    },
  };
}
