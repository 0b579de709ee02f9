import { describe, expect, test } from 'vitest';
import { mergeCapabilities, missingCapabilities } from './capabilities.ts';
import type { ClientCapabilities } from './capabilities.ts';

describe('what is missing', () => {
  test.each<[ClientCapabilities, ClientCapabilities, ClientCapabilities | undefined]>([
    [{}, {}, undefined],
    [{ sampling: {} }, { sampling: {} }, undefined],
    [{}, { sampling: {} }, { sampling: {} }],
    [{ sampling: {} }, { sampling: { tools: {} } }, { sampling: { tools: {} } }],
    [{ sampling: { tools: {} } }, { sampling: { tools: {}, context: {} } }, { sampling: { context: {} } }],
    [{ elicitation: {} }, { elicitation: {} }, undefined],
    [{ elicitation: {} }, { elicitation: { form: {} } }, undefined],
    [{ elicitation: {} }, { elicitation: { url: {} } }, { elicitation: { url: {} } }],
    [{ elicitation: { url: {} } }, { elicitation: { form: {} } }, { elicitation: { form: {} } }],
    [{ elicitation: { url: {} } }, { elicitation: {} }, undefined],
    [{ extensions: { 'a.b/c': { x: 1 } } }, { extensions: { 'a.b/c': {} } }, undefined],
    [{ extensions: { 'a.b/c': {} } }, { extensions: { 'a.b/d': {} } }, { extensions: { 'a.b/d': {} } }],
    [{ roots: { listChanged: false } }, { roots: { listChanged: true } }, { roots: { listChanged: true } }],
  ])('in %j of %j is %j', (declared, required, missing) => {
    expect(missingCapabilities(declared, required)).toEqual(missing);
  });

  test('of a server is found too', () => {
    expect(missingCapabilities({ resources: {} }, { resources: { subscribe: true } })).toEqual({
      resources: { subscribe: true },
    });
  });

  test.each([
    ['an inherited capability', Object.create({ sampling: {} })],
    ['a __proto__ from JSON', JSON.parse('{"__proto__":{"sampling":{}}}')],
    ['a capability that is no object', JSON.parse('{"sampling":true}')],
  ])('is not supplied by %s', (_name, declared: ClientCapabilities) => {
    expect(missingCapabilities(declared, { sampling: {} })).toEqual({ sampling: {} });
  });

  test('does not come from the names that every object has', () => {
    const required = JSON.parse('{"extensions":{"constructor":{}}}') as ClientCapabilities;
    expect(missingCapabilities({ extensions: {} }, required)).toEqual(required);
  });
});

describe('merged capabilities', () => {
  test('hold every part, and the last word on a value', () => {
    const left: ClientCapabilities = { roots: { listChanged: false }, sampling: { tools: {} } };
    const right: ClientCapabilities = {
      roots: { listChanged: true },
      sampling: { context: {} },
      elicitation: {},
    };
    expect(mergeCapabilities(left, right)).toEqual({
      roots: { listChanged: true },
      sampling: { tools: {}, context: {} },
      elicitation: {},
    });
    expect(left).toEqual({ roots: { listChanged: false }, sampling: { tools: {} } });
  });

  test('keep a __proto__ from JSON a mere name', () => {
    const merged = mergeCapabilities({}, JSON.parse('{"__proto__":{"sampling":{}}}') as ClientCapabilities);
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    expect(missingCapabilities(merged, { sampling: {} })).toEqual({ sampling: {} });
  });
});
