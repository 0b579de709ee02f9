import { expect, test } from 'vitest';
import { Caller, cancelledNotification } from './caller.ts';
import { FakeClock } from './fixtures/fake-clock.ts';
import { random, type Random } from './fixtures/random.ts';
import { turn } from './fixtures/within.ts';
import { wire, type Frame } from './fixtures/wire.ts';

const INTERLEAVINGS = 1000;
const CALLS = 3;
const TIMEOUT = 100;

interface Call {
  readonly stop: AbortController;
  readonly outcomes: unknown[];
}

/** What may happen to a call, and to the link, in any order. */
type Step = (run: Run) => Promise<void> | void;

interface Run {
  readonly caller: Caller;
  readonly clock: FakeClock;
  readonly calls: readonly Call[];
  readonly heard: readonly Frame[];
}

function stepsOf(id: number): Step[] {
  return [
    ({ caller }) => void caller.settle({ jsonrpc: '2.0', id, result: { id } }),
    ({ caller }) => void caller.settle({ jsonrpc: '2.0', id, error: { code: 1, message: 'no' } }),
    ({ calls }) => calls[id - 1]?.stop.abort(new Error('gave up')),
    ({ caller }) => void caller.progress({ progressToken: id, progress: 1 }),
    ({ caller }) => void caller.fail(id, new Error('lane ended')),
  ];
}

const SHARED_STEPS: readonly Step[] = [
  ({ clock }) => clock.advance(TIMEOUT / 2),
  ({ clock }) => clock.advance(TIMEOUT),
  ({ clock }) => clock.block(TIMEOUT * 2),
  ({ caller }) => caller.close({ by: 'remote' }),
  () => turn(),
  () => turn(),
];

async function race(chance: Random): Promise<Run> {
  const clock = new FakeClock();
  const far = wire();
  await far.transport.start({ message() {} });
  const caller = new Caller(far.transport, { clock, onError() {} });
  const calls = Array.from({ length: CALLS }, (): Call => {
    const call = { stop: new AbortController(), outcomes: [] as unknown[] };
    const settled = (outcome: unknown): number => call.outcomes.push(outcome);
    const options = { signal: call.stop.signal, timeout: TIMEOUT };
    caller.call('work', undefined, { options, cancel: cancelledNotification }).then(settled, settled);
    return call;
  });
  const run = { caller, clock, calls, heard: far.heard };
  const steps = chance.shuffled([...[1, 2, 3].flatMap(stepsOf), ...SHARED_STEPS]);
  // Not every race has every step, so that each of them comes first in some.
  for (const step of steps.slice(chance.integer(steps.length))) await step(run);
  caller.close({ by: 'local' });
  await turn();
  return run;
}

test(`in ${INTERLEAVINGS} random orders of answers, errors, aborts, time and ends every call settles exactly once`, async () => {
  const kinds = new Set<string>();
  for (let seed = 1; seed <= INTERLEAVINGS; seed += 1) {
    const { caller, clock, calls, heard } = await race(random(seed));
    for (const { outcomes } of calls) {
      expect(outcomes, `seed ${seed}`).toHaveLength(1);
      const [outcome] = outcomes;
      kinds.add(outcome instanceof Error ? outcome.message.slice(0, 9) : 'result');
    }
    expect({ open: caller.open, armed: clock.armed }, `seed ${seed}`).toEqual({ open: 0, armed: 0 });
    const cancelled = heard.filter(({ method }) => method === 'notifications/cancelled');
    const ids = cancelled.map(({ params }) => params?.['requestId']);
    expect(new Set(ids).size, `seed ${seed}`).toBe(ids.length);
  }
  // Every way to settle has won some race, so none was tested in vain.
  expect([...kinds].toSorted()).toEqual([
    '1: no',
    'gave up',
    'lane ende',
    'link-lost',
    'result',
    'timed-out',
  ]);
});
