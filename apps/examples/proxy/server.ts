import type { FastServer } from '@trunkline/server-fast';
import { proxy } from '@trunkline/server-fast/proxy';
import { connect } from '@trunkline/session';
import { memoryDial } from '@trunkline/transport-memory';
import { server as shop } from '../asking/server.ts';
import { serveIfMain } from '../serve-if-main.ts';

/** A server of one era before one of the other: the shop speaks legacy, whoever asks. */
export const server: FastServer = proxy(
  (options) => connect(memoryDial(shop), { ...options, eras: ['legacy'] }),
  { name: 'front', version: '1.0.0' },
);

await serveIfMain(import.meta.url, server);
