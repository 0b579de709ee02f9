import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect, type Client } from '@trunkline/session';
import { stdioClient, type StdioServerParameters } from '@trunkline/transport-stdio';
import { expect } from 'vitest';
import { within } from '../src/within.ts';
import { expectRejection } from './client-scenarios.ts';

const PROGRAM = fileURLToPath(new URL('hostile-process.ts', import.meta.url));
const DONE = { content: [{ type: 'text', text: 'done' }] };

/** What a client over stdio meets in the processes that it starts, or tries to. */
export const processScenarios: Readonly<Record<string, () => Promise<void>>> = {
  async D011() {
    await talkingTo('noise', async (client, { reports }) => {
      for (let count = 0; count < 50; count += 1) {
        expect(await within(client.callTool('x'), () => 'a call')).toMatchObject(DONE);
      }
      expect(new Set(reports)).toEqual(new Set(['malformed']));
      expect(reports.length).toBeLessThanOrEqual(20);
    });
  },

  async D014() {
    const folder = mkdtempSync(join(tmpdir(), 'trunkline-'));
    const plain = join(folder, 'no-program');
    writeFileSync(plain, 'text', { mode: 0o644 });
    try {
      for (const command of ['trunkline-there-is-no-such-program', join(folder, 'missing'), folder, plain]) {
        await expectRejection(start({ command }), 'D014');
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  },

  async D015() {
    await talkingTo('flood', async (client, { output }) => {
      for (let count = 0; count < 10; count += 1) {
        expect(await within(client.callTool('x'), () => 'a call')).toMatchObject(DONE);
      }
      expect(output().length).toBeLessThanOrEqual(64 * 1024);
      expect(output()).toMatch(/^e+$/);
    });
  },

  async D018() {
    const broken: Record<string, unknown>[] = [
      { NAME: 'a\0b' },
      { 'NA=ME': 'x' },
      { NAME: undefined },
      { '': 'x' },
    ];
    for (const env of broken) {
      await expectRejection(start({ command: process.execPath, env: env as Record<string, string> }), 'D018');
    }
  },
};

function start(parameters: StdioServerParameters): Promise<Client> {
  return connect(stdioClient(parameters), { eras: ['legacy'] });
}

interface Watched {
  /** The codes of what the client logged. */
  readonly reports: unknown[];
  readonly output: () => string;
}

async function talkingTo(
  mode: string,
  talk: (client: Client, watched: Watched) => Promise<void>,
): Promise<void> {
  const reports: unknown[] = [];
  const report = (_message: string, error?: unknown): void =>
    void reports.push((error as { code?: unknown } | undefined)?.code);
  const dial = stdioClient({
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', PROGRAM, mode],
  });
  const transport = dial();
  const logger = { debug: report, warn: report, error: report };
  const client = await within(connect(transport, { eras: ['legacy'], logger }), () => 'connecting');
  try {
    await talk(client, { reports, output: () => transport.process.output });
  } finally {
    await client.close();
  }
  expect(transport.process.exit).toMatchObject({ code: 0 });
}
