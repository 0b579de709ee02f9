import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle } from '../runtimes/bundle.ts';
import { chromiumPath, startChromium, type Chromium } from '../runtimes/chromium.ts';
import { listenOn, type Served } from '../runtimes/served.ts';
import { guardedServer } from './guarded-server.ts';

/** A page that leaves for the sign-in, and goes on where it comes back. */
const PAGE = `
import { authorizationCode, finishSignIn, withAuth } from '@trunkline/auth';
import { connect } from '@trunkline/session';
import { httpClient } from '@trunkline/transport-http';

const store = {
  get: async (key) => sessionStorage.getItem(key) ?? undefined,
  set: async (key, value) => sessionStorage.setItem(key, value),
  delete: async (key) => {
    const found = sessionStorage.getItem(key) !== null;
    sessionStorage.removeItem(key);
    return found;
  },
};
const grant = authorizationCode({
  redirectUri: location.origin + '/callback',
  clientMetadata: { client_name: 'A page' },
  authorize: (url) => {
    location.assign(url);
    return new Promise(() => {});
  },
});
const options = { grant, store, allowPrivate: true };
const run = async (url) => {
  await using client = await connect(httpClient(url, { fetch: withAuth((to, init) => fetch(to, init), options) }));
  return (await client.callTool('whoami')).content[0].text;
};
const begin = async () => {
  if (location.pathname !== '/callback') return run(new URLSearchParams(location.search).get('server'));
  return run(await finishSignIn(location.href, options));
};
begin().then((text) => (document.title = text), (error) => (document.title = String(error)));
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

test.each([
  ['Allow', 'whoami: ann may read'],
  ['Deny', 'AuthError: denied: '],
])('a page signs in through the consent page: %s', { timeout: 60_000 }, async (decision, title) => {
  await using server = await guardedServer({ consent: 'ask' }, { cors: { origins: [page.origin] } });
  const tab = await browser.context.newPage();
  try {
    await tab.goto(`${page.origin}/?server=${encodeURIComponent(server.url)}`);
    await tab.waitForSelector('button');
    expect(new URL(tab.url()).origin).toBe(server.issuer);
    expect(await tab.textContent('body')).toContain('A page asks for access to');
    await tab.click(`button:text-is("${decision}")`);
    await tab.waitForURL(/\/callback\?/);
    await tab.waitForFunction('document.title !== ""');
    expect(await tab.title()).toContain(title);
  } finally {
    await tab.close();
  }
});
