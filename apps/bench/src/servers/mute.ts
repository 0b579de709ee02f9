import { Server } from '@trunkline/session';
import { runStdio } from '@trunkline/transport-stdio';

/** Opens sessions of both eras and never answers a call: what happens to callers when it dies is measured. */
const server = new Server({ name: 'mute', version: '1.0.0' });
server.handle('tools/list', () => ({ tools: [] }));
server.handle('tools/call', () => new Promise(() => {}));
await runStdio(server);
