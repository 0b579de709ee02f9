import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';

/** The modules that a program for the web brings along. */
async function modulesOf(program: string): Promise<string[]> {
  const bundle = await rolldown({
    input: 'program',
    cwd: import.meta.dirname,
    platform: 'browser',
    resolve: { conditionNames: ['@trunkline/source', 'browser', 'import', 'default'] },
    plugins: [
      {
        name: 'program',
        resolveId: (id) => (id === 'program' ? `${import.meta.dirname}/program.ts` : undefined),
        load: (id) => (id.endsWith('/program.ts') ? program : undefined),
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
  await bundle.close();
  const rendered = Object.entries(output[0].modules).filter(([, { code }]) => (code ?? '') !== '');
  return rendered.map(([id]) => id);
}

const SIGN_IN = `
import { authorizationCode, finishSignIn, withAuth } from '@trunkline/auth';
const grant = authorizationCode({ redirectUri: location.origin, authorize: () => new Promise(() => {}) });
globalThis.auth = [withAuth((url, init) => fetch(url, init), { grant }), finishSignIn];
`;

test('a page that signs in brings nothing of servers, of Node, or of other grants along', async () => {
  const modules = await modulesOf(SIGN_IN);
  const ours = modules
    .filter((id) => id.includes('/packages/'))
    .map((id) => id.replace(/^.*\/packages\//, ''));
  expect(ours).toContain('auth/src/client/with-auth.ts');
  expect(ours.filter((id) => /^auth\/src\/(?:server|node|authorization-server)/.test(id))).toEqual([]);
  expect(ours.filter((id) => /enterprise|workload|credentials\.ts|^store/.test(id))).toEqual([]);
  const theirs = modules.filter((id) => id.includes('/node_modules/'));
  expect(theirs.filter((id) => !id.includes('/oauth4webapi/'))).toEqual([]);
});
