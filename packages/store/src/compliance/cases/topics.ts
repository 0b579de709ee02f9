import { eventually, same, type Case } from '../bench.ts';

/** What is published to a topic. */
export const topicCases: readonly Case[] = [
  {
    name: 'whoever subscribes hears what is published from then on, in order',
    async run({ store, other }) {
      const [here, there]: [string[], string[]] = [[], []];
      await store.publish('t', 'too early');
      await store.subscribe('t', (message) => here.push(message));
      await other.subscribe('t', (message) => there.push(message));
      for (let index = 0; index < 20; index += 1) await store.publish('t', `m${index}`);
      await eventually(() => here.length >= 20 && there.length >= 20, 'not every message arrived in 2 s');
      const expected = Array.from({ length: 20 }, (_, index) => `m${index}`);
      same(here, expected, 'heard here');
      same(there, expected, 'heard elsewhere');
    },
  },
  {
    name: 'other topics, and those that were left, are not heard',
    async run({ store }) {
      const heard: string[] = [];
      const leave = await store.subscribe('t', (message) => heard.push(`left ${message}`));
      await store.subscribe('t2', (message) => heard.push(`other ${message}`));
      await store.subscribe('t', (message) => heard.push(message));
      await leave();
      await leave();
      await store.publish('t', 'm');
      await eventually(() => heard.length > 0, 'nothing arrived in 2 s');
      same(heard, ['m'], 'heard');
    },
  },
  {
    name: 'a listener that throws keeps nobody from hearing',
    async run({ store }) {
      const heard: string[] = [];
      await store.subscribe('t', () => {
        throw new Error('a listener with a defect');
      });
      await store.subscribe('t', (message) => heard.push(message));
      await store.publish('t', 'one');
      await store.publish('t', 'two');
      await eventually(() => heard.length === 2, 'not every message arrived in 2 s');
      same(heard, ['one', 'two'], 'heard');
    },
  },
];
