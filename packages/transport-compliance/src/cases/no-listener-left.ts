import type { Case } from '../case.ts';
import { same } from '../check.ts';
import { callMany } from '../load.ts';

export const noListenerLeft: Case = {
  clause: 'a message that is done leaves no listener on its signal',
  async run(bench) {
    const live = await bench.live();
    const { signal } = new AbortController();
    const listeners = countListeners(signal);
    await callMany(bench, live, 200, { signal });
    await bench.within(live.near.close(), 'close()');
    same(listeners.size, 0, 'the listeners that are left');
  },
};

/** The listeners that were added to a signal and not removed. */
function countListeners(signal: AbortSignal): ReadonlySet<unknown> {
  const listeners = new Set<unknown>();
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>): void => {
    listeners.add(args[1]);
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>): void => {
    listeners.delete(args[1]);
    remove(...args);
  };
  return listeners;
}
