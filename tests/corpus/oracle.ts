import { expect } from 'vitest';
import type { Frame, RawConnection } from '../src/raw-connection.ts';
import { isReply, type Entry, type Reply, type Served } from './entry.ts';
import type { Report } from './subject.ts';
import { META } from './wording.ts';

/** Speaks to a server the way its era wants. */
export class Peer<Connection extends RawConnection = RawConnection> {
  readonly served: Served;
  readonly connection: Connection;
  #asked = 0;

  constructor(served: Served, connection: Connection) {
    this.served = served;
    this.connection = connection;
  }

  /** Calls a tool in good order and gives the whole answer. */
  async call(name: string, args: object = {}): Promise<Frame> {
    const id = `good-${(this.#asked += 1)}`;
    this.connection.send(this.callText(id, name, args));
    return this.connection.next(`the answer to ${name}`, (frame) => frame.id === id);
  }

  /** The text of such a call. */
  callText(id: string | number, name: string, args: object = {}): string {
    const meta = this.served === 'dual' || this.served === 'modern' ? `,${META}` : '';
    const params = `{"name":"${name}","arguments":${JSON.stringify(args)}${meta}}`;
    return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":"tools/call","params":${params}}`;
  }

  /** Opens a session, where there is none yet; the server may know of one that bad input has opened. */
  async open(revision = '2025-11-25'): Promise<void> {
    const clientInfo = { name: 'oracle', version: '1' };
    const params = { protocolVersion: revision, capabilities: {}, clientInfo };
    this.connection.send(JSON.stringify({ jsonrpc: '2.0', id: 'open', method: 'initialize', params }));
    await this.connection.next('the answer to initialize', (frame) => frame.id === 'open');
    this.connection.send('{"jsonrpc":"2.0","method":"notifications/initialized"}');
  }

  /** What a tool without arguments says, as structured content. */
  async ask<Said>(name: string): Promise<Said> {
    const { result, error } = await this.call(name);
    if (!result) throw new Error(`${name} was answered with ${JSON.stringify(error)}`);
    return (result['structuredContent'] ?? JSON.parse(textOf(result))) as Said;
  }
}

/** What the server is to send back for this entry; `undefined` where the entry is not meant for it. */
export function replyOn(served: Served, { expect: { reply } }: Entry): Reply | undefined {
  if (reply === undefined) return undefined;
  if (!isReply(reply)) return reply[served];
  return served === 'legacy-unopened' ? undefined : reply;
}

/**
 * Sends bad input and sees that it is answered as it should be and not otherwise; that good calls before and after it are
 * answered; that it ran nothing, unless it turned out to be good; and that nothing inherits from it.
 */
export async function judge(
  input: string | Uint8Array,
  reply: Reply,
  peer: Peer,
  before: Report,
): Promise<void> {
  const { connection } = peer;
  const from = connection.heard.length;
  connection.send(input);
  if (reply !== 'nothing') matchReply(await connection.next('a reply', () => true), reply);
  const opens = peer.served === 'legacy-unopened';
  if (opens) await peer.open();
  const after = await peer.ask<Report>('report');
  const heard = connection.heard
    .slice(from)
    .filter(({ id }) => id !== 'open' && !String(id).startsWith('good-'));
  expect(heard).toHaveLength(reply === 'nothing' ? 0 : 1);
  const initialized = before.initialized + (opens ? 1 : 0);
  const refused = ['unsafe-pattern'];
  expect(after).toEqual({ runs: before.runs, initialized, refused, polluted: [] });
}

/** Fails unless an answer is the expected one. */
export function matchReply(frame: Frame, reply: Exclude<Reply, 'nothing'>): void {
  expect(frame).toMatchObject({ jsonrpc: '2.0' });
  if (reply.id === null) expect(frame).not.toHaveProperty('id');
  else expect(frame.id).toBe(reply.id);
  if ('result' in reply) {
    expect(frame).toMatchObject({ result: reply.result });
    return;
  }
  expect(frame).toMatchObject({ error: { code: reply.error, message: expect.any(String) as string } });
  if (reply.data) expect(frame.error?.data).toEqual(expect.objectContaining(reply.data));
}

function textOf(result: Frame): string {
  const [block] = (result['content'] ?? []) as { text: string }[];
  return block?.text ?? 'null';
}
