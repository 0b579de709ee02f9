import { describe, expect, test } from 'vitest';
import { Subscriptions, type Change, type Subscription } from './subscriptions.ts';
import { turn } from './fixtures/within.ts';

const TOOLS: Change = { kind: 'tools' };

function resource(uri: string): Change {
  return { kind: 'resource', uri };
}

interface Reader {
  readonly subscription: Subscription;
  readonly delivered: Change[];
  /** Lets the delivery that waits go on. */
  readonly release: () => Promise<void>;
}

/** A listener that takes one change at a time, when the test says so. */
function slowReader(subscriptions: Subscriptions, ...follows: Change[]): Reader {
  const delivered: Change[] = [];
  let go = (): void => {};
  const subscription = subscriptions.add({
    deliver(change) {
      delivered.push(change);
      return new Promise((resolve) => (go = resolve));
    },
  });
  for (const change of follows) subscription.follow(change);
  return {
    subscription,
    delivered,
    async release() {
      go();
      await turn();
    },
  };
}

describe('changes', () => {
  test('cost a slow reader one entry per thing followed, however often they happen', async () => {
    const subscriptions = new Subscriptions();
    const reader = slowReader(subscriptions, TOOLS, resource('a'), resource('b'));
    for (let count = 0; count < 1000; count += 1) {
      for (const change of [TOOLS, resource('a'), resource('b')]) subscriptions.publish(change);
      if (count === 500) await turn();
    }
    for (let count = 0; count < 10; count += 1) await reader.release();
    // What was on its way when it changed again is delivered again; everything else once.
    expect(reader.delivered).toEqual([TOOLS, resource('a'), resource('b'), TOOLS]);
  });

  test('reach each reader at its own pace', async () => {
    const subscriptions = new Subscriptions();
    const slow = slowReader(subscriptions, TOOLS);
    const fast: Change[] = [];
    subscriptions
      .add({
        async deliver(change) {
          fast.push(change);
        },
      })
      .follow(TOOLS);
    for (let count = 0; count < 5; count += 1) {
      subscriptions.publish(TOOLS);
      await turn();
    }
    expect(fast).toHaveLength(5);
    expect(slow.delivered).toHaveLength(1);
  });

  test('that nobody follows, or follows no more, are dropped', async () => {
    const subscriptions = new Subscriptions();
    const reader = slowReader(subscriptions, resource('a'), resource('b'));
    reader.subscription.unfollow(resource('a'));
    subscriptions.publish(resource('a'));
    subscriptions.publish(resource('c'));
    subscriptions.publish({ kind: 'resources' });
    subscriptions.publish(resource('b'));
    await turn();
    expect(reader.delivered).toEqual([resource('b')]);
  });

  test('that wait when the reader ends are not delivered any more', async () => {
    const subscriptions = new Subscriptions();
    const reader = slowReader(subscriptions, TOOLS, resource('a'));
    subscriptions.publish(TOOLS);
    subscriptions.publish(resource('a'));
    await turn();
    reader.subscription.end();
    reader.subscription.end();
    await reader.release();
    subscriptions.publish(TOOLS);
    await turn();
    expect(reader.delivered).toEqual([TOOLS]);
    expect(subscriptions.open).toBe(0);
  });

  test('reach a reader again after one of them could not be delivered', async () => {
    const subscriptions = new Subscriptions();
    let tries = 0;
    const subscription = subscriptions.add({
      async deliver() {
        tries += 1;
        throw new Error('no room');
      },
    });
    subscription.follow(TOOLS);
    for (let count = 0; count < 3; count += 1) {
      subscriptions.publish(TOOLS);
      await turn();
    }
    expect(tries).toBe(3);
  });

  test('of a resource that is called like a list are not those of the list', async () => {
    const subscriptions = new Subscriptions();
    const reader = slowReader(subscriptions, resource('tools'));
    subscriptions.publish(TOOLS);
    await turn();
    expect(reader.delivered).toEqual([]);
  });
});
