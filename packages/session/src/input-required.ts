import type { JsonObject, Outcome } from '@trunkline/protocol';
import type { Clock } from './clock.ts';
import { fulfil, type Answering, type InputContext } from './inputs.ts';
import { untilAborted } from './on-abort.ts';
import { pause } from './pause.ts';
import { SessionError } from './session-error.ts';

/** How a client deals with calls that need its input. */
export interface InputRequiredOptions {
  /** What came of the call when it was made the first time. */
  readonly first: Outcome;
  readonly answering: Answering;
  /** Made when input is needed. */
  readonly context: () => InputContext;
  readonly clock: Clock;
  /** Rounds after which a call fails with `too-many-rounds`. */
  readonly maxRounds: number;
}

/** Milliseconds before a server that only asked to be called again is called again; doubles with each round. */
const FIRST_PAUSE = 100;

/**
 * Repeats a call that needs input with the answers until it is complete: the same method and params, a fresh id, the state
 * exactly as it came. https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr
 */
export async function callUntilComplete(
  method: string,
  params: JsonObject,
  call: (params: JsonObject) => Promise<Outcome>,
  { first, answering, context, clock, maxRounds }: InputRequiredOptions,
): Promise<Outcome> {
  let outcome = first;
  let input: InputContext | undefined;
  for (let round = 0; outcome.kind === 'input_required'; round += 1) {
    if (round >= maxRounds)
      throw new SessionError('too-many-rounds', `${method}: the server asked for input ${round} times`, {
        delivery: 'answered',
      });
    const { inputRequests, requestState } = outcome;
    input ??= context();
    // A handler that ignores the signal must not keep the call open.
    const answers =
      inputRequests && (await untilAborted(fulfil(answering, inputRequests, input), input.signal));
    if (!answers) await pause(clock, FIRST_PAUSE * 2 ** round, input.signal);
    outcome = await call({
      ...params,
      ...(answers && { inputResponses: answers }),
      ...(requestState !== undefined && { requestState }),
    });
  }
  return outcome;
}
