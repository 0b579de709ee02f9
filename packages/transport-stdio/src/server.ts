import type { Readable, Writable } from 'node:stream';
import {
  channelTransport,
  lineDecoder,
  trackAnswers,
  TransportError,
  type Channel,
  type ChannelEvents,
  type Transport,
} from '@trunkline/transport';
import { lineWriter, type LineWriter } from './line-writer.ts';
import { guardOutput } from './output-guard.ts';

/** How a server treats its standard streams. */
export interface StdioServerOptions {
  /** Where messages come from; the process's stdin. */
  readonly input?: Readable;
  /** Where messages go; the process's stdout, which is then guarded against other writers. */
  readonly output?: Writable;
  /** Longest line that is read, in bytes; what is longer is skipped and answered with an error. 10 MiB. */
  readonly maxLineBytes?: number;
  /** How long running requests may take to be answered once the input has ended, in milliseconds. 2,000. */
  readonly graceMs?: number;
}

/**
 * Guarantees that stdout carries messages only: until the link is closed, what other code writes to it goes to stderr. The
 * link ends with stdin, once running requests are answered or 2 s have passed; a peer that stopped reading ends it too.
 * One link at a time has the streams: `start` rejects with `misuse` for a second one. Closing never closes the streams.
 */
export function stdioServer(options: StdioServerOptions = {}): Transport {
  return ownStdio(options).transport;
}

/** A link over the process's own streams that can be asked to end. */
export interface OwnStdio {
  readonly transport: Transport;
  /** Resolves when the link is live. */
  readonly opened: Promise<void>;
  /** Reads no more, lets running requests be answered within the grace, closes. Never rejects. */
  finish(): Promise<void>;
}

/** The link of {@link stdioServer}, for whoever must also end it in good order. */
export function ownStdio(options: StdioServerOptions): OwnStdio {
  const { graceMs = 2000, maxLineBytes } = options;
  let streams: ClaimedStreams | undefined;
  let opened!: () => void;
  const open = new Promise<void>((resolve) => {
    opened = resolve;
  });
  const settle = async (): Promise<void> => {
    await tracked.answered(graceMs);
    await streams?.writer.flush(FLUSH_MS);
  };
  const channel: Channel = {
    async open(events) {
      streams = claimStreams(options, {
        ...events,
        ended: () => void settle().then(() => events.closed()),
      });
      opened();
    },
    write: (frame) => streams?.writer.write(frame),
    pause: () => void streams?.input.pause(),
    resume: () => void streams?.input.resume(),
    close: async () => streams?.release(),
  };
  const link = channelTransport({ name: 'stdio', lanes: 'shared' }, channel, {
    origin: { process: { pid: process.ppid } },
    ...(maxLineBytes === undefined ? {} : { limits: { maxLength: maxLineBytes } }),
  });
  const tracked = trackAnswers(link);
  return {
    transport: tracked.transport,
    opened: open,
    async finish() {
      streams?.stopReading();
      await settle();
      await tracked.transport.close();
    },
  };
}

/** How long closing waits for a peer that does not read. */
const FLUSH_MS = 500;

const claimed = new WeakSet<object>();

interface StreamEvents extends ChannelEvents {
  /** The input has ended; the output may still be written to. */
  ended(): void;
}

interface ClaimedStreams {
  readonly input: Readable;
  readonly writer: LineWriter;
  stopReading(): void;
  release(): Promise<void>;
}

function claimStreams(options: StdioServerOptions, events: StreamEvents): ClaimedStreams {
  const { input = process.stdin, output = process.stdout, maxLineBytes } = options;
  if (claimed.has(input) || claimed.has(output)) {
    const reason = 'these streams serve a link already; close that one first';
    throw new TransportError('misuse', reason, { delivery: 'not-sent' });
  }
  claimed.add(input).add(output);
  const guard = output === process.stdout ? guardOutput(output, process.stderr) : undefined;
  const writer = lineWriter(output, {
    ...(guard ? { put: guard.put } : {}),
    // A client may end a server by closing this pipe, so it is no error.
    failed: () => events.closed(),
  });
  const stopReading = readLines(input, maxLineBytes, events);
  return {
    input,
    writer,
    stopReading,
    async release() {
      stopReading();
      await writer.flush(FLUSH_MS);
      writer.release();
      guard?.release();
      claimed.delete(input);
      claimed.delete(output);
    },
  };
}

/** Reads until the returned function is called, which also lets the process exit although the input is open. */
function readLines(input: Readable, maxBytes: number | undefined, events: StreamEvents): () => void {
  const lines = lineDecoder({
    onLine: (line) => events.frame(line),
    onFault: (error) => events.fault(error),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  });
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    lines.end();
    events.ended();
  };
  const socket = input as Readable & { ref?(): void; unref?(): void };
  // An input that breaks has ended.
  input.on('data', lines.push).on('end', end).on('error', end).on('close', end);
  input.resume();
  socket.ref?.();
  return () => {
    over = true;
    input.off('data', lines.push).off('end', end).off('error', end).off('close', end).pause();
    socket.unref?.();
  };
}
