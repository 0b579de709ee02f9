import { pathToFileURL } from 'node:url';
import { serve, type Servable } from '@trunkline/server-fast';
import { stdio } from '@trunkline/transport-stdio';

/** Serves over stdio if the module with this address is the program, and does nothing if it was imported. */
export async function serveIfMain(address: string, server: Servable): Promise<void> {
  if (address === pathToFileURL(process.argv[1] ?? '').href) await serve(server, stdio());
}
