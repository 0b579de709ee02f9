import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { addServer } from '../add/official-1.ts';

/** The official SDK, 1.x, over stdio: the legacy era only. */
await addServer().connect(new StdioServerTransport());
