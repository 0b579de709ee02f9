/**
 * An in-process client for tests: the real client and the real server over the memory transport, in either era.
 */
import { connect as connectTo, type Client, type ClientOptions } from '@trunkline/session';
import type { Acceptor } from '@trunkline/transport';
import { memoryDial } from '@trunkline/transport-memory';

/** Opens a session with a server in this process. Whatever crosses is written as JSON, as on a wire. */
export function connect(server: Acceptor, options?: ClientOptions): Promise<Client> {
  return connectTo(memoryDial(server), options);
}
