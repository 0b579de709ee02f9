import type { Part } from './suite.ts';

/** Every part of the official suite that is run, in order. */
export function partsFor(serverUrl: string, clientCommand: string, issuer: string): Part[] {
  const server = (name: string, ...args: string[]): Part => ({
    name,
    side: 'server',
    args: ['--url', serverUrl, ...args],
  });
  const client = (name: string, ...args: string[]): Part => ({
    name,
    side: 'client',
    args: ['--command', clientCommand, ...args],
  });
  return [
    server('server, required by 2025-11-25', '--requirements', '2025-11-25'),
    server('server, required by 2026-07-28', '--requirements', '2026-07-28'),
    client('client, required by 2025-11-25', '--requirements', '2025-11-25'),
    client('client, required by 2026-07-28', '--requirements', '2026-07-28'),
    server('server, all', '--suite', 'all'),
    ...REVISIONS.map((date) => server(`server, all of ${date}`, '--suite', 'all', '--spec-version', date)),
    client('client, all', '--suite', 'all'),
    ...REVISIONS.map((date) => client(`client, all of ${date}`, '--suite', 'all', '--spec-version', date)),
    client('client, extensions', '--suite', 'extensions'),
    client('client, backcompat', '--suite', 'backcompat'),
    {
      name: 'authorization server',
      side: 'authorization',
      args: ['--url', issuer, '--client-id', 'conformance', '--port', CALLBACK_PORT],
    },
  ];
}

/** Where the suite waits for a user to come back; any port is registered. */
const CALLBACK_PORT = '41739';

const REVISIONS = ['2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'] as const;
