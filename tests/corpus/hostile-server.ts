import type { JsonObject } from '@trunkline/protocol';
import { connect, type Client, type ClientOptions } from '@trunkline/session';
import type { CountingClock } from '../src/counting-clock.ts';
import { rawLink, type Frame, type RawLink } from '../src/raw-connection.ts';

/** A server that opens in good order, and from then on does what a test says. */
export interface HostileServer {
  readonly client: Client;
  readonly link: RawLink;
  /** What the client logged: the code of the error, or the message. */
  readonly reports: unknown[];
}

/** What the server does with a request that is no opening. */
export type Behaviour = (request: Frame, say: (frame: JsonObject) => void) => void;

/** Connects a client to a server that behaves badly. */
export async function connectHostile(
  era: 'modern' | 'legacy',
  behave: Behaviour,
  { clock, ...options }: ClientOptions & { readonly clock: CountingClock },
): Promise<HostileServer> {
  const reports: unknown[] = [];
  const report = (message: string, data?: unknown): void =>
    void reports.push((data as { code?: string } | undefined)?.code ?? message);
  const say = (frame: JsonObject): void => link.send(JSON.stringify(frame));
  const link = rawLink((frame) => {
    const { id = null, method } = frame;
    if (id === null || method === undefined) return;
    const result = OPENING[method];
    // Later than the request, as on any wire.
    queueMicrotask(() => (result ? say({ jsonrpc: '2.0', id, result }) : behave(frame, say)));
  });
  const logger = { debug: report, warn: report, error: report };
  const client = await connect(() => link.far, { eras: [era], clock, logger, ...options });
  return { client, link, reports };
}

const OPENING: Readonly<Record<string, JsonObject>> = {
  initialize: {
    protocolVersion: '2025-11-25',
    capabilities: { tools: {} },
    serverInfo: { name: 'hostile', version: '1' },
  },
  'server/discover': {
    resultType: 'complete',
    supportedVersions: ['2026-07-28'],
    capabilities: { tools: {} },
    ttlMs: 0,
    cacheScope: 'private',
  },
};
