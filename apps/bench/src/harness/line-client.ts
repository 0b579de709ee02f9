import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** What every server is asked; `era` decides how the session begins and what a call carries. */
export type Era = 'modern' | 'legacy';

/** Speaks to one server process with as little code as can be, the same for all, so that only the servers differ. */
export class LineClient {
  readonly #child: ChildProcess & { stdin: NonNullable<ChildProcess['stdin']> };
  readonly #era: Era;
  #rest = '';
  #next = 1;
  #onLine: (line: string) => void = () => {};
  #fail: (error: Error) => void = () => {};

  /** Starts the process. */
  constructor([command, ...args]: readonly [string, ...string[]], era: Era) {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    this.#era = era;
    child.stdin.on('error', (error) => this.#fail(error));
    child.once('error', (error) => this.#fail(error));
    child.once('exit', (code, signal) =>
      this.#fail(new Error(`the server ended (${signal ?? `exit code ${code}`}) before it answered`)),
    );
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => this.#read(chunk));
  }

  /** Does what the era asks for before the first call: nothing in the modern one. */
  async open(): Promise<void> {
    if (this.#era === 'modern') return;
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.#onLine = resolve;
    this.#fail = reject;
    this.#child.stdin.write(`${INITIALIZE}\n`);
    await promise;
    this.#child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  }

  /** Makes so many calls, so many of them open at a time; resolves with the milliseconds it took. Checks every sum. */
  async call(count: number, open: number): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let unsent = count;
    let unanswered = count;
    this.#fail = reject;
    this.#onLine = (line) => {
      const { id, result } = JSON.parse(line) as Answer;
      if (id === undefined) return;
      if (result?.structuredContent?.sum !== id + 1) reject(new Error(`a wrong answer: ${line}`));
      if (--unanswered === 0) resolve();
      else if (unsent-- > 0) this.#write();
    };
    const started = performance.now();
    this.#child.stdin.cork();
    for (let first = Math.min(open, count); first > 0; first--, unsent--) this.#write();
    this.#child.stdin.uncork();
    await promise;
    return performance.now() - started;
  }

  /** Ends the server and waits for that. */
  async close(): Promise<void> {
    this.#fail = () => {};
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 2000);
    await exited;
    clearTimeout(timer);
  }

  #write(): void {
    const id = this.#next++;
    const meta = this.#era === 'modern' ? META : '';
    this.#child.stdin.write(
      `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"add","arguments":{"a":${id},"b":1}${meta}}}\n`,
    );
  }

  /** What the answers of one chunk lead to leaves in one write. */
  #read(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    this.#child.stdin.cork();
    for (const line of lines) this.#onLine(line);
    this.#child.stdin.uncork();
  }
}

interface Answer {
  readonly id?: number;
  readonly result?: { readonly structuredContent?: { readonly sum: number } };
}

const CLIENT = '{"name":"bench","version":"1.0.0"}';
const META = `,"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":${CLIENT}}`;
const INITIALIZE = `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":${CLIENT}}}`;
