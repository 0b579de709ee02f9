import { serve } from '@trunkline/server-fast';
import { stdio } from '@trunkline/transport-stdio';
import { addServer } from '../add/trunkline.ts';

/** Trunkline over stdio, in both eras. Others may drive it too. */
await serve(addServer(), stdio());
