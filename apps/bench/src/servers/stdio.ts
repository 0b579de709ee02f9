import { runStdio } from '@trunkline/transport-stdio';
import { addServer } from '../add/trunkline.ts';

/** Trunkline over stdio, in both eras. Others may drive it too. */
await runStdio(addServer());
