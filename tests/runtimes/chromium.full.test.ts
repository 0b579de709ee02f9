import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle } from './bundle.ts';
import { chromiumPath, startChromium, type Chromium } from './chromium.ts';
import { listenOn, serveSubject, type Served } from './served.ts';
import { EXPECTED } from './story.ts';

const PAGE = `
import { story } from './story.ts';
globalThis.story = (url) => story(url).catch((error) => ({ error: String(error) }));
globalThis.attempt = async (url) => {
  const { connect } = await import('@trunkline/session');
  const { httpClient } = await import('@trunkline/transport-http');
  const client = await connect(httpClient(url)).catch((error) => ({ error }));
  if ('error' in client) return { code: client.error.code, status: client.error.status };
  const { era } = client;
  await client.close();
  return { era };
};
`;

let browser: Chromium;
let page: Served;

beforeAll(async () => {
  chromiumPath();
  browser = await startChromium();
  const program = await bundle(PAGE);
  const { code } = program;
  program[Symbol.dispose]();
  page = await listenOn((request, response) => {
    const isScript = request.url === '/program.mjs';
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
    response.end(isScript ? code : '<!doctype html><script type="module" src="/program.mjs"></script>');
  });
}, 300_000);

afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await page?.[Symbol.asyncDispose]();
});

/** Calls a function of the page with the address of a server of another origin. */
async function onPage(call: 'story' | 'attempt', url: string): Promise<unknown> {
  const tab = await browser.context.newPage();
  try {
    await tab.goto(page.origin);
    await tab.waitForFunction('globalThis.story !== undefined');
    return await tab.evaluate(`globalThis.${call}(${JSON.stringify(url)})`);
  } finally {
    await tab.close();
  }
}

test('Chromium runs the client in both eras, against a server of another origin that allows it', async () => {
  await using served = await serveSubject({ cors: { origins: [page.origin] } });
  expect(await onPage('story', `${served.origin}/mcp`)).toEqual(EXPECTED);
});

test('Chromium keeps a page out that the server does not allow, and the client says so', async () => {
  await using served = await serveSubject();
  expect(await onPage('attempt', `${served.origin}/mcp`)).toEqual({ code: 'refused', status: 0 });
});

test('Chromium is led to the legacy era by a server that knows nothing of the headers of the modern one', async () => {
  await using served = await serveLegacyCors();
  expect(await onPage('attempt', `${served.origin}/mcp`)).toEqual({ era: 'legacy' });
});

test('Chromium follows no redirect that it hides from the client', async () => {
  await using moved = await listenOn((request, response) => {
    response.writeHead(request.method === 'OPTIONS' ? 204 : 307, {
      'access-control-allow-origin': page.origin,
      'access-control-allow-headers': '*',
      location: '/elsewhere',
    });
    response.end();
  });
  expect(await onPage('attempt', `${moved.origin}/mcp`)).toMatchObject({ code: 'redirect-blocked' });
});

/** A server of the legacy era whose CORS lists only the headers of that era, as deployed ones do. */
function serveLegacyCors(): Promise<Served> {
  return listenOn((request, response) => {
    const fields = {
      'access-control-allow-origin': page.origin,
      'access-control-allow-headers': 'content-type, mcp-session-id, mcp-protocol-version',
      'access-control-allow-methods': 'GET, POST, DELETE',
    };
    if (request.method === 'OPTIONS') return void response.writeHead(204, fields).end();
    if (request.method !== 'POST') return void response.writeHead(405, fields).end();
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { id, method } = JSON.parse(text) as { id?: number; method: string };
      if (id === undefined) return void response.writeHead(202, fields).end();
      const result = {
        protocolVersion: '2025-11-25',
        capabilities: {},
        serverInfo: { name: 'old', version: '1' },
      };
      const answer =
        method === 'initialize' ? { result } : { error: { code: -32000, message: 'Server not initialized' } };
      response.writeHead(200, { ...fields, 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }));
    });
  });
}
