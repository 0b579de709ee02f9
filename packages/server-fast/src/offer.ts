import type { JsonObject, MirroredParam } from '@trunkline/protocol';
import type { Context as SessionContext } from '@trunkline/session';
import { DefinitionError } from './definition-error.ts';
import type { Call, Middleware } from './call.ts';
import type { Completer } from './completion.ts';
import type { CallContext } from './context.ts';
import { failedResult } from './tool-result.ts';

/** Answers one call of an entry; `listed` is what clients see of it. */
export type Run<Listed, Input> = (listed: Listed, input: Input, context: CallContext) => unknown;

/** Whether a caller may see and use an entry. */
export type Allow = (context: SessionContext) => boolean;

/** One thing that a server offers: what clients see of it, and what is run when they ask for it. */
export interface Offer<Listed, Input> {
  readonly listed: Listed;
  readonly run: Run<Listed, Input>;
  /** For filters; clients do not see them. */
  readonly tags: readonly string[];
  /** Who may see and use it; everybody unless given. */
  readonly allow?: Allow | undefined;
  /** The arguments that can be completed, and how; `undefined` where nothing is suggested. */
  readonly complete?: ReadonlyMap<string, Completer | undefined> | undefined;
  /** The arguments that an envelope repeats. */
  readonly mirrored?: readonly MirroredParam[] | undefined;
  /** Reads the variables of a template from an address; `undefined` if it is none of its addresses. */
  readonly match?: ((uri: string) => JsonObject | undefined) | undefined;
}

/** What is said of anything that can be offered, for the server alone. */
export interface Access {
  /** For filters; clients do not see them. */
  readonly tags?: readonly string[];
  /** Scopes that a caller's token must have; others neither see nor reach this. */
  readonly scopes?: readonly string[];
  /** Whether a caller may see and reach this. Must be quick: it is asked whenever a list is read. */
  readonly allow?: Allow;
}

/** The tags of an entry and who may use it. */
export function accessOf({
  tags = [],
  scopes = [],
  allow,
}: Access): Pick<Offer<never, never>, 'tags' | 'allow'> {
  const scoped: Allow | undefined =
    scopes.length > 0
      ? ({ origin }) => scopes.every((scope) => origin.auth?.scopes.includes(scope) === true)
      : undefined;
  return { tags, allow: bothOf(scoped, allow) };
}

/** Both conditions at once. */
export function bothOf(one: Allow | undefined, other: Allow | undefined): Allow | undefined {
  return one && other ? (context) => one(context) && other(context) : (one ?? other);
}

/** Describes the call of an entry for middleware. */
export type CallOf<Listed, Input> = (
  listed: Listed,
  input: Input,
) => Pick<Call, 'kind' | 'name' | 'args' | 'definition'>;

/** An entry whose calls go through middleware. */
export function throughMiddleware<Listed, Input>(
  offer: Offer<Listed, Input>,
  middlewares: readonly Middleware[],
  callOf: CallOf<Listed, Input>,
  inputOf: (args: JsonObject, input: Input) => Input,
): Offer<Listed, Input> {
  if (middlewares.length === 0) return offer;
  const run: Run<Listed, Input> = async (listed, input, context) => {
    const described = callOf(listed, input);
    const from = async (index: number, args: JsonObject): Promise<JsonObject> => {
      const middleware = middlewares[index];
      if (!middleware) return (await offer.run(listed, inputOf(args, input), context)) as JsonObject;
      const call = { ...described, args, tags: offer.tags, context } as unknown as Call;
      const result = await middleware(call, (changed = args) => from(index + 1, changed));
      if (typeof result === 'object' && result !== null) return result;
      throw new DefinitionError('bad-result', `middleware around ${described.name} returned no result`);
    };
    try {
      return await from(0, described.args);
    } catch (error) {
      if (described.kind === 'tool') return failedResult(error);
      throw error;
    }
  };
  return { ...offer, run };
}
