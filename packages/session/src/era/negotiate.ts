import {
  findRevision,
  isMcpError,
  isRemoteError,
  type ClientCapabilities,
  type Era,
  type Implementation,
} from '@trunkline/protocol';
import type { Binding, Dial, Transport, TransportError } from '@trunkline/transport';
import { ClientLink } from '../client-link.ts';
import { untilAborted } from '../on-abort.ts';
import type { Peer } from '../peer.ts';
import { isSessionError } from '../session-error.ts';
import type { ClientEra, Opening } from './client-era.ts';
import { legacyClient, modernClient } from './eras.ts';
import { supportedIn } from './modern-client.ts';

/** What a negotiation needs. */
export interface Negotiation {
  readonly eras: readonly Era[];
  readonly info: Implementation;
  readonly capabilities: ClientCapabilities;
  readonly signal: AbortSignal | undefined;
  /** Milliseconds to wait for the answer that tells the era, and for the handshake that follows. */
  readonly probeTimeout: number;
  readonly timeout: number;
  /** Wires a link; it is started here. */
  readonly wire: (transport: Transport) => Peer;
}

/** The era of every target, so that legacy ones are not probed again in this process. Bounded. */
const REMEMBERED = new Map<string, Era>();
const MAX_REMEMBERED = 1000;

/** The same for dials that do not name their target. */
const REMEMBERED_DIALS = new WeakMap<Dial, Era>();

/**
 * Opens a link to a server of either era: modern first, then legacy on the same link if that survived, else on a new one.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning
 */
export async function negotiate(dial: Dial, negotiation: Negotiation): Promise<ClientLink> {
  const { eras } = negotiation;
  if (!eras.includes('legacy')) return openAs(modernClient, await start(dial, negotiation), negotiation);
  if (!eras.includes('modern')) return openAs(legacyClient, await start(dial, negotiation), negotiation);
  if (recall(dial) === 'legacy') {
    try {
      return await openAs(legacyClient, await start(dial, negotiation), negotiation);
    } catch (error) {
      // What was learnt no longer holds; find out afresh.
      if (!isRemoteError(error)) throw error;
    }
  }
  const peer = await start(dial, negotiation);
  const verdict = await probe(peer, negotiation);
  if (verdict instanceof ClientLink) return remember(dial, verdict);
  const legacyPeer = verdict === 'died' ? await restart(peer, dial, negotiation) : peer;
  return remember(dial, await openAs(legacyClient, legacyPeer, negotiation));
}

async function start(dial: Dial, { wire, signal }: Negotiation): Promise<Peer> {
  signal?.throwIfAborted();
  const peer = wire(dial());
  try {
    await untilAborted(peer.start(), signal);
    return peer;
  } catch (error) {
    throw await closed(peer, error);
  }
}

/** Some servers end when the first message is not `initialize`. */
async function restart(peer: Peer, dial: Dial, negotiation: Negotiation): Promise<Peer> {
  await peer.close();
  return start(dial, negotiation);
}

/** An open link to a modern server, or what became of a legacy one. */
type Verdict = ClientLink | 'survived' | 'died';

async function probe(peer: Peer, negotiation: Negotiation): Promise<Verdict> {
  try {
    const opened = await modernClient.open(openingOf(peer, negotiation, negotiation.probeTimeout));
    return linkOf(peer, modernClient, opened, negotiation);
  } catch (error) {
    if (!provesLegacy(error, peer.transport.binding)) throw await closed(peer, error);
    return isLinkLost(error) ? 'died' : 'survived';
  }
}

async function openAs(era: ClientEra, peer: Peer, negotiation: Negotiation): Promise<ClientLink> {
  try {
    return linkOf(peer, era, await era.open(openingOf(peer, negotiation, negotiation.timeout)), negotiation);
  } catch (error) {
    throw await closed(peer, error);
  }
}

function linkOf(
  peer: Peer,
  era: ClientEra,
  opened: Awaited<ReturnType<ClientEra['open']>>,
  { info, capabilities }: Negotiation,
): ClientLink {
  return new ClientLink(peer, era, opened, { info, capabilities });
}

function openingOf(peer: Peer, { info, capabilities, signal }: Negotiation, timeout: number): Opening {
  return {
    caller: peer.caller,
    binding: peer.transport.binding,
    info,
    capabilities,
    signal,
    timeout,
    notify: (notification, revision) => peer.transport.send(notification, { revision }),
  };
}

/**
 * Whether a failed probe means that the server is of the legacy era. No particular error code is asked for: legacy servers
 * answer what they do not know in many ways. Only one that names the revisions it speaks, and none of them legacy, is not.
 * Refused credentials, server faults and dead networks prove nothing.
 */
function provesLegacy(error: unknown, { lanes }: Binding): boolean {
  if (isRemoteError(error)) return supportedIn(error)?.some(isLegacy) ?? true;
  if (isSessionError(error)) {
    // Where each request has a lane of its own, a server that ends does so with a status; all else is a dead network.
    if (error.code === 'link-lost' && lanes === 'per-request') return statusOf(error.cause) !== undefined;
    return error.code === 'timed-out' || error.code === 'link-lost' || error.code === 'no-common-revision';
  }
  if (!isTransportError(error) || error.code !== 'refused' || error.status === undefined) return false;
  // A browser that hides why may have refused what is new in the modern envelope.
  if (error.status === 0) return true;
  return error.status >= 400 && error.status < 500 && error.status !== 401 && error.status !== 403;
}

function statusOf(error: unknown): number | undefined {
  return isTransportError(error) ? error.status : undefined;
}

function isLegacy(revision: string): boolean {
  return findRevision(revision)?.era === 'legacy';
}

function isTransportError(error: unknown): error is TransportError {
  return isMcpError(error, 'TransportError');
}

function isLinkLost(error: unknown): boolean {
  return isSessionError(error) && error.code === 'link-lost';
}

async function closed(peer: Peer, error: unknown): Promise<unknown> {
  await peer.close();
  return error;
}

function recall(dial: Dial): Era | undefined {
  return dial.target === undefined ? REMEMBERED_DIALS.get(dial) : REMEMBERED.get(dial.target);
}

function remember(dial: Dial, link: ClientLink): ClientLink {
  if (dial.target === undefined) {
    REMEMBERED_DIALS.set(dial, link.era.name);
    return link;
  }
  // The one that was used last goes last.
  REMEMBERED.delete(dial.target);
  REMEMBERED.set(dial.target, link.era.name);
  const [oldest] = REMEMBERED.keys();
  if (REMEMBERED.size > MAX_REMEMBERED && oldest !== undefined) REMEMBERED.delete(oldest);
  return link;
}
