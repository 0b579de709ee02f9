import { connect } from 'node:net';
import { Hearing, type RawConnection } from './raw-connection.ts';
import { within } from './within.ts';

/** A WebSocket on which a test may say any bytes as the text of a frame. */
export interface RawWebSocket extends RawConnection {
  /** Resolves with the status code of the closing frame; 1006 when none came. */
  readonly ended: Promise<number>;
}

/** Opens a socket at `/mcp` of a server on this machine. */
export async function rawWebSocket(port: number): Promise<RawWebSocket> {
  const socket = connect(port, '127.0.0.1');
  const hearing = new Hearing();
  const frames = new FrameReader();
  let code = 1006;
  let opened = (): void => {};
  const open = new Promise<void>((resolve) => (opened = resolve));
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => {
    for (const { opcode, payload } of frames.push(chunk)) {
      if (opcode === TEXT) hearing.take(payload.toString());
      if (opcode === CLOSE) code = payload.readUInt16BE(0);
    }
    if (frames.open) opened();
  });
  const ended = new Promise<number>((resolve) => socket.once('close', () => resolve(code)));
  socket.write(
    `GET /mcp HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nupgrade: websocket\r\nconnection: upgrade\r\n` +
      'sec-websocket-version: 13\r\nsec-websocket-key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nsec-websocket-protocol: mcp\r\n\r\n',
  );
  await within(open, () => 'the switch to a WebSocket');
  return {
    heard: hearing.heard,
    next: (what, matches) => hearing.next(what, matches),
    ended,
    send: (frame) => void socket.write(maskedText(Buffer.from(frame))),
    async close() {
      socket.destroy();
      await ended;
    },
  };
}

const TEXT = 1;
const CLOSE = 8;

/** One frame of text, as clients send it. The mask of zeros leaves it as it is. */
function maskedText(payload: Buffer): Buffer {
  const header = Buffer.alloc(14);
  header[0] = 0x80 | TEXT;
  header[1] = 0x80 | 127;
  header.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([header, payload]);
}

/** Cuts what a server sends into frames, once the head of its answer is over. */
class FrameReader {
  open = false;
  #bytes: Buffer = Buffer.alloc(0);

  *push(chunk: Buffer): Iterable<{ readonly opcode: number; readonly payload: Buffer }> {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    if (!this.open) {
      const end = this.#bytes.indexOf('\r\n\r\n');
      if (end === -1 || !this.#bytes.toString('latin1').startsWith('HTTP/1.1 101')) return;
      this.open = true;
      this.#bytes = this.#bytes.subarray(end + 4);
    }
    for (let frame = this.#next(); frame; frame = this.#next()) yield frame;
  }

  #next(): { opcode: number; payload: Buffer } | undefined {
    const bytes = this.#bytes;
    if (bytes.length < 2) return undefined;
    const short = (bytes[1] ?? 0) & 0x7f;
    const start = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (bytes.length < start) return undefined;
    const length =
      short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short;
    if (bytes.length < start + length) return undefined;
    this.#bytes = bytes.subarray(start + length);
    return { opcode: (bytes[0] ?? 0) & 0x0f, payload: bytes.subarray(start, start + length) };
  }
}
