import { channelTransport, type Binding, type Channel, type Transport } from '@trunkline/transport';
import type { Capabilities, Link } from '../link.ts';
import { wire, WIRE_LIMIT } from './wire.ts';

/** What a saboteur changes about an honest near end. */
export interface SharedTweaks {
  readonly channel?: (channel: Channel) => Channel;
  readonly transport?: (transport: Transport) => Transport;
  readonly maxBytes?: number;
}

/** An honest link with one shared lane; both ends are made by the kit. */
export function sharedLink({ channel, transport, maxBytes }: SharedTweaks = {}): Link {
  const { near, far, cut } = wire(maxBytes);
  const honest = channelTransport(BINDING, channel ? channel(near) : near);
  const farEnd = channelTransport(BINDING, far);
  return {
    near: transport ? transport(honest) : honest,
    accept: (receiver) => farEnd.start(receiver),
    sever: cut,
    inject: (raw) => far.write(raw),
    release: () => farEnd.close(),
  };
}

export const SHARED: Capabilities = {
  lanes: 'shared',
  sever: true,
  inject: true,
  peerAsks: true,
  backPressure: true,
  limit: WIRE_LIMIT,
};

const BINDING: Binding = { name: 'reference', lanes: 'shared' };
