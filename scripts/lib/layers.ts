import type { Member } from './workspace.ts';

/** The height of every package; an import points from a higher layer to a lower one. */
const layers: Readonly<Record<string, number>> = {
  protocol: 0,
  transport: 1,
  store: 1,
  'sse-codec': 2,
  'http-host': 3,
  session: 4,
  'server-fast': 5,
  'client-group': 5,
  auth: 5,
  tasks: 5,
  skills: 5,
  ui: 5,
  cli: 6,
};

/** Packages of one family have one height, so a new transport needs no line here. */
const families: ReadonlyArray<readonly [prefix: string, layer: number]> = [
  ['transport-compliance', 2],
  ['store-', 2],
  ['transport-', 4],
];

/** The height of a member, or undefined for a package nobody has placed yet. */
export function layerOf(member: Member): number | undefined {
  if (!member.folder.startsWith('packages/')) return 7;
  const name = shortName(member.name);
  return layers[name] ?? families.find(([prefix]) => name.startsWith(prefix))?.[1];
}

/** Why `from` may not import `to` at all, or undefined if it may. `dev` is an import by a test or for one. */
export function forbidden(
  from: Member,
  to: Member,
  dev: boolean,
): { rule: string; reason: string } | undefined {
  const [source, target] = [shortName(from.name), shortName(to.name)];
  const [above, below] = [layerOf(from), layerOf(to)];
  if (!from.folder.startsWith('packages/')) {
    return to.folder.startsWith('packages/')
      ? undefined
      : { rule: 'A1', reason: 'nothing imports an app or tests/' };
  }
  if (above === undefined || below === undefined) {
    return {
      rule: 'A1',
      reason: `give ${above === undefined ? source : target} a layer in scripts/lib/layers.ts`,
    };
  }
  if (isTransport(source) && target === 'session') {
    return { rule: 'A2', reason: 'a transport knows the contract only: session and transports are siblings' };
  }
  if (source === 'session' && isTransport(target)) {
    return {
      rule: 'A2',
      reason: 'a session gets its transport as a value: session and transports are siblings',
    };
  }
  if (target === 'transport-compliance') {
    return dev && isTransport(source)
      ? undefined
      : {
          rule: 'A5',
          reason: 'the compliance suite is for the tests of transports, never a run-time dependency',
        };
  }
  if ((source === 'server-fast' || source === 'client-group') && isTransport(target)) {
    return target === 'transport-memory'
      ? undefined
      : {
          rule: 'A9',
          reason: 'transports are passed in as values, so that a user installs only what is used',
        };
  }
  if (source === 'auth' && isTransport(target)) {
    return {
      rule: 'A1',
      reason: 'auth plugs into a transport by functions: only cli, apps and tests import both',
    };
  }
  if (target.startsWith('store-'))
    return { rule: 'A1', reason: 'stores other than memory are known to apps only' };
  return below < above
    ? undefined
    : { rule: 'A1', reason: `${target} is not below ${source}: imports point down only` };
}

/** Whether a package is one of the transports, which the contract and its compliance suite are not. */
export function isTransport(name: string): boolean {
  return name.startsWith('transport-') && name !== 'transport-compliance';
}

/** A package's name without the scope. */
export function shortName(name: string): string {
  return name.replace('@trunkline/', '');
}
