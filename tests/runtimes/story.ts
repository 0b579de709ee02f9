import { connect, type ClientOptions } from '@trunkline/session';
import type { CallToolResult } from '@trunkline/protocol';
import { httpClient } from '@trunkline/transport-http';

/** What one client saw of the subject, for a test to compare. */
export interface Report {
  readonly era: string;
  readonly tools: readonly string[];
  readonly sum: string;
  readonly echo: string;
  readonly asked: string;
  readonly counted: readonly number[];
  readonly many: number;
  readonly aborted: boolean;
}

const TEXT = 'Gr\u00fc\u00dfe, \u4f60\u597d, \ud83c\udff3\ufe0f\u200d\ud83c\udf08\u2028';

/** What every runtime must report, in the order of {@link story}. */
export const EXPECTED: readonly Report[] = ['modern', 'legacy', 'modern'].map((era) => ({
  era,
  tools: ['add', 'echo', 'count', 'ask'],
  sum: '3',
  echo: TEXT,
  asked: '{"name":"Ada"}',
  counted: [3],
  many: 50,
  aborted: true,
}));

/** Uses a server over HTTP in the modern era, in the legacy era, and in the one that is found. Uses nothing but the web's own globals. */
export async function story(
  url: string,
  { legacyQuestions = true }: { readonly legacyQuestions?: boolean } = {},
): Promise<Report[]> {
  return [
    await visit(url, ['modern'], true),
    await visit(url, ['legacy'], legacyQuestions),
    await visit(url, undefined, true),
  ];
}

async function visit(url: string, eras: ClientOptions['eras'], mayAsk: boolean): Promise<Report> {
  const client = await connect(httpClient(url), {
    eras,
    onElicit: () => ({ action: 'accept', content: { name: 'Ada' } }),
  });
  const { tools } = await client.listTools();
  const counted: number[] = [];
  await client.callTool('count', {}, { onProgress: ({ progress }) => counted.push(progress) });
  const many = await Promise.all(
    Array.from(
      { length: 50 },
      async (_, number) => textOf(await client.callTool('echo', { text: `n${number}` })) === `n${number}`,
    ),
  );
  const report: Report = {
    era: client.era,
    tools: tools.map(({ name }) => name),
    sum: textOf(await client.callTool('add', { a: 1, b: 2 })),
    echo: textOf(await client.callTool('echo', { text: TEXT })),
    asked: mayAsk ? textOf(await client.callTool('ask')) : 'nothing',
    counted: counted.slice(-1),
    many: many.filter(Boolean).length,
    aborted: await isAborted(
      client.callTool('echo', { text: '' }, { signal: AbortSignal.abort(new Error('enough')) }),
    ),
  };
  await client.close();
  return report;
}

function textOf({ content }: CallToolResult): string {
  const [block] = content;
  return block?.type === 'text' ? block.text : '';
}

async function isAborted(call: Promise<unknown>): Promise<boolean> {
  return call.then(
    () => false,
    (error: unknown) => error instanceof Error && error.message === 'enough',
  );
}
