import { describe, test } from 'vitest';
import { LANES, lanesLink } from './reference/lanes.ts';
import { SHARED, sharedLink } from './reference/shared.ts';
import { transportCompliance } from './suite.ts';

transportCompliance('reference, one shared lane', () => sharedLink(), SHARED, { describe, test });
transportCompliance('reference, a lane for each request', lanesLink, LANES, { describe, test });
