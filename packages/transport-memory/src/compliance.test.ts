import { transportCompliance } from '@trunkline/transport-compliance';
import { describe, test } from 'vitest';
import { memoryPair } from './pair.ts';

transportCompliance(
  'memory',
  () => {
    const [near, far] = memoryPair();
    return {
      near,
      accept: (receiver) => far.start(receiver),
      sever: () => far.close(),
      release: () => far.close(),
    };
  },
  {
    lanes: 'shared',
    sever: true,
    inject: 'only the other end writes frames',
    peerAsks: true,
    backPressure: true,
    limit: 16 * 1024 * 1024,
  },
  { describe, test },
);
