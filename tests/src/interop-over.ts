import type { Era } from '@trunkline/protocol';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { CANNOT } from '../interop/cannot.ts';
import { CASES, Heard, type Session } from '../interop/cases.ts';
import type { Hooks, InteropClient } from '../interop/clients/client.ts';
import type { Client } from '../interop/pairs.ts';

/** A client and a server that must understand each other over the binding under test. */
export interface Meeting {
  readonly client: Client;
  readonly server: Client;
  readonly era: Era;
  /** Starts the server and opens a session; `release` stops the server. */
  open(hooks: Hooks): Promise<{ readonly client: InteropClient; readonly release: () => Promise<void> }>;
}

/** Puts every case of the interop tests to each of the meetings. */
export function interopOver(binding: string, meetings: readonly Meeting[]): void {
  describe.each(meetings)(`$client client, $server server, $era, ${binding}`, (meeting) => {
    let session: Session;
    let release = async (): Promise<void> => {};

    beforeAll(async () => {
      const heard = new Heard();
      const opened = await meeting.open(heard);
      session = { client: opened.client, era: meeting.era, heard };
      release = opened.release;
    }, 20_000);
    afterAll(async () => {
      await session?.client.close();
      await release();
    });

    const possible = Object.entries(CASES).filter(
      ([what]) => !CANNOT.some((limit) => limit.client === meeting.client && limit.what === what),
    );
    test.each(possible)('%s', (_what, run) => run(session));
  });
}
