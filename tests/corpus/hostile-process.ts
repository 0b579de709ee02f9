import { createInterface } from 'node:readline';

/**
 * A legacy server that behaves badly. The first argument says how: `noise` prints to stdout what is no message, `flood`
 * fills stderr, `strict` ends when it hears anything before `initialize`.
 */
const [mode = 'noise'] = process.argv.slice(2);

if (mode === 'noise') {
  process.stdout.write('\u001B[32mhostile server 1.0\u001B[0m\n\nlistening on stdio\n');
} else if (mode === 'flood') {
  for (let chunk = 0; chunk < 128; chunk += 1) process.stderr.write('e'.repeat(64 * 1024));
}

let opened = false;

const RESULTS: Readonly<Record<string, object>> = {
  initialize: {
    protocolVersion: '2025-11-25',
    capabilities: { tools: {} },
    serverInfo: { name: 'hostile', version: '1' },
  },
  'tools/call': { content: [{ type: 'text', text: 'done' }] },
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line) as { id?: number; method: string };
  if (mode === 'strict' && !opened && method !== 'initialize') process.exit(1);
  opened = true;
  if (mode === 'noise') process.stdout.write(`got ${method}\n\u001B[31mred\u001B[0m\n`);
  if (mode === 'flood') process.stderr.write('e'.repeat(64 * 1024));
  if (id === undefined) return;
  const result = RESULTS[method];
  const outcome = result ? { result } : { error: { code: -32601, message: method } };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...outcome })}\n`);
});
