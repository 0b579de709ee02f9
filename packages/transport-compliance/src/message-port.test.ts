import { messagePortTransport } from '@trunkline/transport';
import { describe, test } from 'vitest';
import { transportCompliance } from './suite.ts';

transportCompliance(
  'MessagePort',
  () => {
    const { port1, port2 } = new MessageChannel();
    const far = messagePortTransport(port2);
    return {
      near: messagePortTransport(port1),
      accept: (receiver) => far.start(receiver),
      sever: () => port2.close(),
      inject: (raw) => port2.postMessage(raw),
      release: () => far.close(),
    };
  },
  { lanes: 'shared', sever: true, inject: true, peerAsks: true, backPressure: true, limit: 16 * 1024 * 1024 },
  { describe, test },
);
