import type { Era } from '@trunkline/protocol';
import { createServer, type FastServer } from '@trunkline/server-fast';
import type { Clock } from '@trunkline/session';
import { oddResults, oddThrows } from './odd-values.ts';
import type { Served } from './entry.ts';

/** The server that bad input is sent to, and what became of it. */
export interface Subject {
  readonly server: FastServer;
  /** How often a handler of the author ran, `report` excepted. */
  readonly runs: () => number;
  /** Errors that only the server was told. */
  readonly errors: unknown[];
}

/** What the tool `report` says of the process that serves. */
export interface Report {
  readonly runs: number;
  /** How often `notifications/initialized` was heard. */
  readonly initialized: number;
  /** Definitions that were refused when they were registered. */
  readonly refused: readonly string[];
  /** What every object inherits that none should. */
  readonly polluted: readonly string[];
}

const ERAS: Readonly<Record<Served, readonly Era[]>> = {
  dual: ['modern', 'legacy'],
  modern: ['modern'],
  legacy: ['legacy'],
  'legacy-unopened': ['legacy'],
};

/** Makes a server with a bit of everything. Of its own, `report` is for the oracle and `hold` waits for `release`. */
export function makeSubject(served: Served, options: { clock?: Clock; maxDuration?: number } = {}): Subject {
  const { clock, maxDuration = 600_000 } = options;
  const errors: unknown[] = [];
  const refused: string[] = [];
  let runs = 0;
  let initialized = 0;
  let release = (): void => {};
  const released = new Promise<string>((resolve) => (release = () => resolve('released')));
  const counted = <Args, Result>(handler: (args: Args) => Result): ((args: Args) => Result) => {
    return (args) => {
      runs += 1;
      return handler(args);
    };
  };

  const server = createServer({
    name: 'subject',
    version: '1',
    eras: ERAS[served],
    limits: { maxDuration },
    onError: (error) => errors.push(error),
    onRefused: ({ code }) => refused.push(code),
    ...(clock && { clock }),
  });
  const which = { type: 'object', properties: { which: { type: 'string' } }, required: ['which'] } as const;
  server
    .tool('report', (): Report => ({ runs, initialized, refused, polluted: inheritedByAll() }))
    .tool(
      'echo',
      { input: { type: 'object' } as const },
      counted((args: object) => JSON.stringify(args)),
    )
    .tool(
      'sum',
      {
        input: {
          type: 'object',
          properties: { a: { type: 'number' }, b: { type: 'number' } },
          required: ['a', 'b'],
        },
      },
      counted(({ a, b }: { a: number; b: number }) => `${a + b}`),
    )
    .tool(
      'hold',
      counted(() => released),
    )
    .tool('release', () => {
      release();
      return 'released';
    })
    .tool(
      'hang',
      counted(() => new Promise<string>(() => {})),
    )
    .tool(
      'throw',
      { input: which },
      counted(({ which: name }: { which: string }) => (oddThrows[name] as () => never)()),
    )
    .tool(
      'return',
      { input: which },
      counted(({ which: name }: { which: string }) => oddResults[name]?.() as object),
    )
    .tool(
      'regex',
      {
        input: { type: 'object', properties: { s: { type: 'string', pattern: '^(a+)+$' } }, required: ['s'] },
      },
      () => 'matched',
    )
    .resource(
      'a',
      'file:///srv/data/a.png',
      counted(() => 'a'),
    )
    .prompt(
      'plan',
      counted(() => 'plan'),
    );
  server.core
    .handle('completion/complete', ({ ref, argument }) => {
      runs += 1;
      return { completion: { values: [ref.type, argument.name.trim()] } };
    })
    .onNotification('notifications/initialized', () => void (initialized += 1));
  return { server, errors, runs: () => runs };
}

function inheritedByAll(): string[] {
  const names: string[] = [];
  // Whatever is found here was put there by somebody.
  for (const name in {}) names.push(name);
  return names;
}
