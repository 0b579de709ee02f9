import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../json.ts';
import { MetaKey } from '../meta.ts';
import type { Envelope } from './codec.ts';
import { modernForClients } from './modern-for-clients.ts';
import { modernForServers } from './modern-for-servers.ts';
import { REVISIONS } from './revisions.ts';

const { protocolVersion, clientCapabilities, clientInfo, logLevel } = MetaKey;
const good = { [protocolVersion]: '2026-07-28', [clientCapabilities]: {} };
const read = (meta: unknown) => modernForServers.decodeEnvelope({ _meta: meta } as JsonObject);

describe('the envelope of a modern request', () => {
  test('is read whole', () => {
    const capabilities = { elicitation: {} };
    const meta = {
      [protocolVersion]: '2026-07-28',
      [clientCapabilities]: capabilities,
      [clientInfo]: { name: 'demo', version: '1' },
      [logLevel]: 'info',
      progressToken: 7,
    };
    const envelope = read(meta) as Envelope;
    expect(envelope).toEqual({
      revision: '2026-07-28',
      clientCapabilities: { elicitation: {} },
      clientInfo: { name: 'demo', version: '1' },
      logLevel: 'info',
    });
    expect(envelope.clientCapabilities).toBe(capabilities);
  });

  test('needs no client info', () => {
    expect(read(good)).toEqual({ revision: '2026-07-28', clientCapabilities: {} });
  });

  test.each([undefined, {}, { _meta: {} }, { _meta: { progressToken: 1 } }, { name: 'x' }])(
    'is absent from %j',
    (params) => {
      expect(modernForServers.decodeEnvelope(params)).toBeUndefined();
    },
  );

  test.each<[string, unknown]>([
    ['_meta', []],
    ['_meta', 'x'],
    ['_meta', null],
    [protocolVersion, { [clientCapabilities]: {} }],
    [protocolVersion, { ...good, [protocolVersion]: 20260728 }],
    [protocolVersion, { ...good, [protocolVersion]: null }],
    [clientCapabilities, { [protocolVersion]: '2026-07-28' }],
    [clientCapabilities, { ...good, [clientCapabilities]: [] }],
    [clientCapabilities, { ...good, [clientCapabilities]: null }],
    [`${clientCapabilities}.sampling`, { ...good, [clientCapabilities]: { sampling: true } }],
    [`${clientCapabilities}.elicitation`, { ...good, [clientCapabilities]: { elicitation: null } }],
    [clientInfo, { ...good, [clientInfo]: 'demo' }],
    [clientInfo, { ...good, [clientInfo]: { name: 'demo' } }],
    [clientInfo, { ...good, [clientInfo]: { name: 'demo', version: 1 } }],
    [logLevel, { ...good, [logLevel]: 'loud' }],
    [logLevel, { ...good, [logLevel]: 3 }],
  ])('with a defect is refused, naming %s', (key, meta) => {
    const answer = read(meta);
    expect(answer).toMatchObject({ code: -32602 });
    expect(answer).toHaveProperty('message', expect.stringContaining(`${key} must be`));
  });

  test.each(['1900-01-01', '2027-03-30', '', '2025-11-25'])(
    'of %j is answered with what is spoken',
    (requested) => {
      expect(read({ ...good, [protocolVersion]: requested })).toMatchObject({
        code: -32022,
        data: { supported: ['2026-07-28'], requested },
      });
    },
  );

  test('is not inherited, and __proto__ is a name like any other', () => {
    expect(modernForServers.decodeEnvelope(Object.create({ _meta: good }) as JsonObject)).toBeUndefined();
    expect(read(Object.create(good))).toBeUndefined();
    expect(read(JSON.parse(`{"__proto__":${JSON.stringify(good)}}`))).toBeUndefined();
    const capabilities: unknown = JSON.parse('{"__proto__":{"sampling":{}}}');
    const envelope = read({ ...good, [clientCapabilities]: capabilities }) as Envelope;
    expect(envelope.clientCapabilities.sampling).toBeUndefined();
  });

  test('is never a guess, whatever JSON comes', () => {
    const odd = fc.oneof(
      fc.constantFrom<unknown>('2026-07-28', {}, { name: 'a', version: 'b' }, 'debug'),
      fc.jsonValue(),
    );
    const meta = fc.record(
      { [protocolVersion]: odd, [clientCapabilities]: odd, [clientInfo]: odd, [logLevel]: odd },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(meta, (value) => {
        const answer = read(value);
        const claimed = protocolVersion in value || clientCapabilities in value;
        expect(answer === undefined).toBe(!claimed);
        if (answer && 'revision' in answer) {
          expect(REVISIONS).toContainEqual({ date: answer.revision, era: 'modern', batches: false });
          expect(answer.clientCapabilities).toBe(value[clientCapabilities]);
        } else if (answer) {
          expect([-32602, -32022]).toContain(answer.code);
        }
      }),
    );
  });

  test('comes back as it was stamped', () => {
    const text = fc.string();
    const envelopes = fc.record(
      {
        revision: fc.constant('2026-07-28'),
        clientCapabilities: fc.constantFrom({}, { sampling: { tools: {} } }, { elicitation: {}, roots: {} }),
        clientInfo: fc.record({ name: text, version: text }),
        logLevel: fc.constantFrom('debug' as const, 'emergency' as const),
      },
      { requiredKeys: ['revision', 'clientCapabilities'] },
    );
    const params = fc.option(
      fc.record({ name: text, _meta: fc.record({ progressToken: text }) }, { requiredKeys: [] }),
      {
        nil: undefined,
      },
    );
    fc.assert(
      fc.property(envelopes, params, (envelope, given) => {
        const before = structuredClone(given);
        const wire = modernForClients.encodeParams('tools/call', given, envelope);
        expect(modernForServers.decodeEnvelope(wire)).toEqual(envelope);
        expect(given).toEqual(before);
        expect(wire).toMatchObject({ ...given });
      }),
    );
  });
});
