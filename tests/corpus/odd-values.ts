/** What a handler may throw that cannot be shown, by name. */
export const oddThrows: Readonly<Record<string, () => never>> = {
  null: () => raise(null),
  undefined: () => raise(undefined),
  text: () => raise('secret'),
  proxy: () => raise(new Proxy({}, { get: fail, has: fail, getPrototypeOf: fail, ownKeys: fail })),
  unreadable: () => raise(Object.defineProperty(new Error('secret'), 'message', { get: fail })),
};

/** What a handler may return that no wire can carry, by name. */
export const oddResults: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  bigint: () => ({ value: 1n }),
  cycle() {
    const value: { self?: unknown } = {};
    value.self = value;
    return value;
  },
  deep() {
    let value = {};
    for (let level = 0; level < 5000; level += 1) value = { value };
    return value;
  },
  function: () => () => {},
  symbol: () => Symbol('secret'),
};

function raise(value: unknown): never {
  throw value as Error;
}

function fail(): never {
  throw new Error('secret');
}
