import { missing, sharedOnly, type Case } from '../case.ts';
import { check, outcomeOf, same } from '../check.ts';
import { Collector } from '../collector.ts';

export const abortWhileQueued: Case = {
  clause: 'a message aborted while it waits is not sent; those around it are',
  skip: (can) => missing(sharedOnly(can), can.backPressure),
  async run(bench) {
    let goOn = (): void => {};
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    const far = new Collector(() => gate);
    const { near } = await bench.live(far);
    const pad = 'x'.repeat(64 * 1024);
    const note = (method: string): Parameters<typeof near.send>[0] => ({
      jsonrpc: '2.0',
      method,
      params: { pad },
    });
    const before: Promise<void>[] = [];
    do {
      check(before.length < MOST, 'no send ever waits');
      before.push(near.send(note('before')));
    } while (!(await bench.stalls(before.at(-1) ?? gate)));
    const stop = new AbortController();
    const reason = new Error('enough');
    const aborted = outcomeOf(near.send(note('aborted'), { signal: stop.signal }));
    const after = near.send(note('after'));
    stop.abort(reason);
    const outcome = await bench.within(aborted, 'the aborted send');
    check(
      'reason' in outcome && outcome.reason === reason,
      'it did not reject with the reason of the signal',
    );
    goOn();
    await bench.within(Promise.all([...before, after]), 'the sends around it');
    const messages = await bench.messages(far, before.length + 1);
    const methods = messages.map((message) => 'method' in message && message.method);
    same(methods, [...before.map(() => 'before'), 'after'], 'what arrived');
  },
};

/** 64 MiB: more than any buffer on the way should hold. */
const MOST = 1024;
