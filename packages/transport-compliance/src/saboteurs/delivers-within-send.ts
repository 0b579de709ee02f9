import { channelTransport, type Channel, type ChannelEvents } from '@trunkline/transport';
import { pingPong } from '../cases/ping-pong.ts';
import { SHARED } from '../reference/shared.ts';
import type { Saboteur } from '../saboteur.ts';

export const deliversWithinSend: Saboteur = {
  defect: 'a message is delivered within send(), so a conversation grows the stack',
  breaks: pingPong,
  can: {
    ...SHARED,
    sever: 'the two ends are one',
    inject: 'there is no wire',
    backPressure: 'nothing waits',
    limit: 'there is no wire',
  },
  setup() {
    const near = new ImmediateChannel();
    const far = new ImmediateChannel();
    near.peer = far;
    far.peer = near;
    const farEnd = channelTransport(BINDING, far);
    return { near: channelTransport(BINDING, near), accept: (receiver) => farEnd.start(receiver) };
  },
};

const BINDING = { name: 'immediate', lanes: 'shared' } as const;

/** Stands in for the end of the stack, which is nothing to run into on purpose. */
const DEEPEST = 500;
let depth = 0;

class ImmediateChannel implements Channel {
  peer: ImmediateChannel | undefined;
  events: ChannelEvents | undefined;

  async open(events: ChannelEvents): Promise<void> {
    this.events = events;
  }

  write(frame: string): void {
    if (depth === DEEPEST) throw new RangeError('the stack would overflow');
    depth++;
    this.peer?.events?.frame(frame);
    depth--;
  }

  pause(): void {}

  resume(): void {}

  async close(): Promise<void> {
    this.peer?.events?.closed();
  }
}
