/**
 * The least that a server over stdio can do: cut lines, parse them, add, and answer in the shape that the others answer in.
 * It validates, limits and negotiates nothing. What the others take longer is what they do beyond this.
 */
interface Call {
  readonly id?: number | string;
  readonly params?: { readonly arguments?: { readonly a: number; readonly b: number } };
}

let rest = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk: string) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) {
    const { id, params } = JSON.parse(line) as Call;
    if (id === undefined) continue;
    const { a = 0, b = 0 } = params?.arguments ?? {};
    const sum = a + b;
    const result = { content: [{ type: 'text', text: `{"sum":${sum}}` }], structuredContent: { sum } };
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`);
  }
});

export {};
