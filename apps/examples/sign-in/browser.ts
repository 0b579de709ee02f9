import { authorizationCode, finishSignIn, withAuth, type CredentialStore } from '@trunkline/auth';
import { connect } from '@trunkline/session';
import { httpClient } from '@trunkline/transport-http';

/** Tokens live as long as the tab. */
const store: CredentialStore = {
  get: async (key) => sessionStorage.getItem(key) ?? undefined,
  set: async (key, value) => sessionStorage.setItem(key, value),
  delete: async (key) => {
    const found = sessionStorage.getItem(key) !== null;
    sessionStorage.removeItem(key);
    return found;
  },
};
const grant = authorizationCode({
  redirectUri: `${location.origin}/`,
  clientMetadata: { client_name: 'Notes in a page' },
  authorize: (url) => {
    location.assign(url);
    // The page is left; what comes back comes to the next one.
    return new Promise(() => {});
  },
});
const options = { grant, store };
const show = (text: unknown): void => document.querySelector('pre')?.append(String(text));

async function readNotes(): Promise<void> {
  const fetch = withAuth((to, init) => globalThis.fetch(to, init), options);
  await using client = await connect(httpClient(`${location.origin}/mcp`, { fetch }));
  const { content } = await client.callTool('read');
  show(JSON.stringify(content));
}

if (new URLSearchParams(location.search).has('state')) {
  const callback = location.href;
  // A code in the address bar is of no use to anybody, and confuses people.
  history.replaceState(null, '', '/');
  finishSignIn(callback, options).then(readNotes).catch(show);
}
document.querySelector('button')?.addEventListener('click', () => void readNotes().catch(show));
