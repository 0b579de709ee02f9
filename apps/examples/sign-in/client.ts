import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { authorizationCode, withAuth } from '@trunkline/auth';
import { fileCredentials, loopbackReceiver } from '@trunkline/auth/node';
import { connect } from '@trunkline/session';
import { httpClient } from '@trunkline/transport-http';

/** A command-line program that signs in: `node client.ts http://127.0.0.1:3010/mcp`. It remembers the tokens. */
const url = process.argv[2] ?? 'http://127.0.0.1:3010/mcp';
const home = process.env['NOTES_HOME'] ?? homedir();

await using receiver = await loopbackReceiver({
  show: (address) => void process.stdout.write(`Open this address to sign in:\n${address}\n`),
});
const fetch = withAuth((to, init) => globalThis.fetch(to, init), {
  grant: authorizationCode({ ...receiver, clientMetadata: { client_name: 'Notes on the command line' } }),
  store: fileCredentials({
    path: join(home, '.local', 'state', 'notes', 'tokens'),
    keyFile: join(home, '.config', 'notes', 'key'),
  }),
});
await fetch.signIn(url);

await using client = await connect(httpClient(url, { fetch }));
const read = await client.callTool('read');
assert.equal(read.isError, undefined);
process.stdout.write(`${JSON.stringify(read.content)}\n`);
// This tool needs a scope that was not asked for yet, so the user is asked once more.
const added = await client.callTool('add', { text: 'Call home.' });
process.stdout.write(`${JSON.stringify(added.content)}\n`);
