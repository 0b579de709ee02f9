import { rolldown } from 'rolldown';

/** The page at `/`, and its program. */
export async function page(): Promise<Record<string, () => Response>> {
  const bundle = await rolldown({
    input: new URL('browser.ts', import.meta.url).pathname,
    platform: 'browser',
    resolve: { conditionNames: ['@trunkline/source', 'browser', 'import', 'default'] },
  });
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
  await bundle.close();
  const { code } = output[0];
  const html =
    '<!doctype html><title>Notes</title><button>Read my notes</button><pre></pre><script type="module" src="/browser.js"></script>';
  return {
    '/': () => new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8' } }),
    '/browser.js': () => new Response(code, { headers: { 'content-type': 'text/javascript' } }),
  };
}
