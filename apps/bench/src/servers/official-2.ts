import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { addServer } from '../add/official-2.ts';

/** The official SDK, 2.x, over stdio, in both eras. */
serveStdio(addServer);
