import { request } from 'node:http';
import { expect, test } from 'vitest';
import { scriptedIssuer, scriptedResource } from '../fixtures/stage.ts';
import { deferred, failure, platformFetch, post } from '../fixtures/user.ts';
import { authorizationCode } from '../client/grants/authorization-code.ts';
import { withAuth } from '../client/with-auth.ts';
import { loopbackReceiver } from './loopback-receiver.ts';

test('brings users of a command-line program back', async () => {
  await using as = await scriptedIssuer();
  await using server = await scriptedResource(() => as.origin);
  const page = deferred<string>();
  await using receiver = await loopbackReceiver({
    show: (url) => void fetch(url).then(async (response) => page.resolve(await response.text())),
  });
  const { redirectUri, authorize } = receiver;
  const authFetch = withAuth(platformFetch, { grant: authorizationCode({ redirectUri, authorize }) });
  expect((await authFetch(`${server.origin}/mcp`, post())).status).toBe(200);
  expect(await page.promise).toContain('You may close this window.');
  expect(JSON.parse(as.at('/register')[0]?.body ?? '')).toMatchObject({
    application_type: 'native',
    redirect_uris: [redirectUri],
  });
});

test('shows nothing of what comes, and waits on', async () => {
  await using receiver = await loopbackReceiver({ show: () => {} });
  const stop = new AbortController();
  const answer = receiver.authorize('https://as.example/authorize?state=mine', { signal: stop.signal });
  const reply = await fetch(
    `${receiver.redirectUri}?state=other&error_description=<script>alert(1)</script>`,
  );
  expect(reply.status).toBe(404);
  expect(await reply.text()).not.toContain('script');
  expect(reply.headers.get('content-security-policy')).toBe("default-src 'none'");
  expect((await fetch(`${receiver.redirectUri}?state=mine`, { method: 'POST' })).status).toBe(404);
  expect(await statusFor(receiver.redirectUri, 'evil.example')).toBe(404);
  const done = await fetch(`${receiver.redirectUri}?state=mine&error_description=<b>`);
  expect(await done.text()).not.toContain('<b>');
  expect((await answer).searchParams.get('state')).toBe('mine');
});

test('stops waiting when told to, and needs a free port', async () => {
  await using receiver = await loopbackReceiver({ show: () => {} });
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(receiver.authorize('https://as.example/?state=x', { signal })).rejects.toThrow('enough');
  const port = Number(new URL(receiver.redirectUri).port);
  expect(await failure(loopbackReceiver({ show: () => {}, port }))).toBe('misuse');
});

function statusFor(address: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${address}?state=mine`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once('error', reject)
      .end();
  });
}
