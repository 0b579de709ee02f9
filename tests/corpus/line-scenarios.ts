import { expect } from 'vitest';
import type { Frame } from '../src/raw-connection.ts';
import type { RawProcess } from '../src/raw-process.ts';
import type { Served } from './entry.ts';
import { matchReply, type Peer } from './oracle.ts';
import type { Report } from './subject.ts';

/** Makes connections to a process of their own, whose bytes a test has in its hand. */
export interface LineHarness {
  connect(served: Served): Promise<Peer<RawProcess>>;
}

const ERAS: readonly Served[] = ['modern', 'legacy'];
const MESSAGE = '😀'.repeat(3);

/** The entries of layer D that a server meets, and those of others that depend on where in a stream they come. */
export const lineScenarios: Readonly<Record<string, (harness: LineHarness) => Promise<void>>> = {
  async A018(harness) {
    const { connection } = await harness.connect('dual');
    const ping = (id: number): string => `\uFEFF{"jsonrpc":"2.0","id":${id},"method":"ping"}\n`;
    await connection.write(ping(1));
    matchReply(await connection.next('the answer', () => true), { result: {}, id: 1 });
    await connection.write(ping(2));
    matchReply(await connection.next('the refusal', () => true), { error: -32700, id: null });
    expect(connection.heard).toHaveLength(2);
  },

  async D001(harness) {
    for (const served of ERAS) {
      const peer = await harness.connect(served);
      const from = peer.connection.heard.length;
      for (const byte of Buffer.from(`${peer.callText('slow', 'echo', { text: MESSAGE })}\n`)) {
        await peer.connection.write(Uint8Array.of(byte));
      }
      expect(echoed(await peer.connection.next('the answer', ({ id }) => id === 'slow'))).toEqual({
        text: MESSAGE,
      });
      expect(peer.connection.heard).toHaveLength(from + 1);
    }
  },

  async D002(harness) {
    const peer = await harness.connect('modern');
    for (const cut of [1, 2, 3]) {
      const bytes = Buffer.from(`${peer.callText(cut, 'echo', { text: MESSAGE })}\n`);
      const at = bytes.indexOf(Buffer.from('😀')) + cut;
      await peer.connection.write(bytes.subarray(0, at));
      await peer.connection.write(bytes.subarray(at));
      expect(echoed(await peer.connection.next('the answer', ({ id }) => id === cut))).toEqual({
        text: MESSAGE,
      });
    }
  },

  async D003(harness) {
    const peer = await harness.connect('modern');
    const lines = Array.from({ length: 1000 }, (_, at) => peer.callText(at, 'echo', { at }));
    await peer.connection.write(`${lines.join('\n')}\n`);
    for (let at = 0; at < 1000; at += 1) {
      const answer = await peer.connection.next(`answer ${at}`, ({ id }) => id === at);
      expect(echoed(answer)).toEqual({ at });
    }
    expect(peer.connection.heard).toHaveLength(1000);
    expect((await peer.ask<Report>('report')).runs).toBe(1000);
  },

  async D007(harness) {
    for (const served of ERAS) {
      const peer = await harness.connect(served);
      await peer.connection.write(`${peer.callText('crlf', 'echo')}\r\n`);
      expect(await peer.connection.next('the answer', ({ id }) => id === 'crlf')).toHaveProperty('result');
    }
  },

  async D008(harness) {
    const peer = await harness.connect('modern');
    const { connection } = peer;
    await connection.write(`${peer.callText('early', 'echo')}\n${peer.callText('cr', 'echo')}\r`);
    // What came before is answered, so the line that has not ended has been read as well.
    await connection.next('the answer before', ({ id }) => id === 'early');
    expect(connection.heard).toHaveLength(1);
    await connection.write('\n');
    expect(await connection.next('the answer', ({ id }) => id === 'cr')).toHaveProperty('result');
  },

  async D009(harness) {
    const peer = await harness.connect('modern');
    await peer.connection.write('{"jsonrpc":"2.0","id":1,\n"method":"ping"}\n');
    for (const line of ['first', 'second']) {
      matchReply(await peer.connection.next(`the ${line} refusal`, () => true), { error: -32700, id: null });
    }
    expect(await peer.call('echo')).toHaveProperty('result');
    expect(peer.connection.heard).toHaveLength(3);
  },

  async D010(harness) {
    const peer = await harness.connect('legacy');
    const from = peer.connection.heard.length;
    await peer.connection.write('Content-Length: 41\r\n\r\n{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
    matchReply(await peer.connection.next('the refusal', () => true), { error: -32700, id: null });
    matchReply(await peer.connection.next('the answer', () => true), { result: {}, id: 1 });
    expect(await peer.call('echo')).toHaveProperty('result');
    expect(peer.connection.heard).toHaveLength(from + 3);
  },

  async D017(harness) {
    for (const served of ERAS) {
      const peer = await harness.connect(served);
      peer.connection.stopReading();
      const text = 'x'.repeat(100_000);
      for (let id = 0; id < 20; id += 1) peer.connection.send(peer.callText(id, 'echo', { text }));
      expect(await peer.connection.ended).toBe(0);
      expect(peer.connection.stderr).toBe('');
    }
  },
};

function echoed({ result }: Frame): unknown {
  const [block] = (result?.['content'] ?? []) as { text: string }[];
  return JSON.parse(block?.text ?? 'null');
}
