import type { JsonObject } from '@trunkline/protocol';
import { describe, expect, test } from 'vitest';
import type { Client } from '../client.ts';
import type { ClientOptions } from '../client-options.ts';
import { connect } from '../connect.ts';
import { FakeClock } from '../fixtures/fake-clock.ts';
import {
  failing,
  LEGACY_OPENING,
  MODERN_OPENING,
  scripted,
  type Script,
  type ScriptedDial,
} from '../fixtures/scripted-server.ts';
import { MODERN, NEWEST_LEGACY } from '../fixtures/served.ts';
import { rejection, turn, within } from '../fixtures/within.ts';

const PROBE = 'server/discover';
const OPEN = ['initialize', 'notifications/initialized'];
const unsupported = (supported: string[]): Script => ({
  [PROBE]: failing(-32022, { supported, requested: MODERN }),
});

function open(server: ScriptedDial, options: ClientOptions = {}): Promise<Client> {
  return within(connect(server.dial, { clock: new FakeClock(), ...options }), 'connecting');
}

describe('a client of both eras', () => {
  test('stays modern where the probe is answered with a common revision', async () => {
    const server = scripted(MODERN_OPENING);
    const client = await open(server);
    expect([client.era, client.revision]).toEqual(['modern', MODERN]);
    expect(server.methods()).toEqual([PROBE]);
    await client.close();
    expect(server.links[0]?.closes).toBe(1);
  });

  const evidence: [string, Script][] = [
    ...[-32601, -32602, -32600, -32603, -32000, -32001, -32020, -32021, 1].map((code): [string, Script] => [
      `the error ${code}`,
      { [PROBE]: failing(code) },
    ]),
    ['-32022 without saying what is supported', { [PROBE]: failing(-32022) }],
    ['-32022 with nonsense for what is supported', { [PROBE]: failing(-32022, { supported: 'all' }) }],
    ['-32022 naming legacy revisions', unsupported([NEWEST_LEGACY, '1999-01-01'])],
    [
      'a discovery that names legacy revisions only',
      {
        [PROBE]: { result: { resultType: 'complete', supportedVersions: [NEWEST_LEGACY], capabilities: {} } },
      },
    ],
  ];

  test.each(evidence)('falls back on the same link after %s', async (_name, script) => {
    const server = scripted({ ...script, ...LEGACY_OPENING });
    const client = await open(server);
    expect([client.era, client.revision]).toEqual(['legacy', NEWEST_LEGACY]);
    expect(server.methods()).toEqual([PROBE, ...OPEN]);
    expect(server.links).toHaveLength(1);
    await client.close();
  });

  const proofs: [string, Script][] = [
    ['names only revisions that nobody here speaks', unsupported(['2031-01-01'])],
    ['turns away the revision that it says it supports', unsupported([MODERN])],
  ];

  test.each(proofs)('does not fall back where a modern server %s', async (_name, script) => {
    const server = scripted({ ...script, ...LEGACY_OPENING });
    expect(await rejection(open(server))).toMatchObject({ name: 'RemoteError', code: -32022 });
    expect(server.methods()).not.toContain('initialize');
    expect(server.links[0]?.closes).toBe(1);
  });

  test('does not fall back where the probe is answered with what is no discovery', async () => {
    const server = scripted({ [PROBE]: { result: { supportedVersions: 'x' } }, ...LEGACY_OPENING });
    expect(await rejection(open(server))).toMatchObject({ name: 'ProtocolError', code: 'unexpected-shape' });
    expect(server.methods()).toEqual([PROBE]);
    expect(server.links[0]?.closes).toBe(1);
  });

  test('falls back in place after silence, and ignores the answer that comes late', async () => {
    const clock = new FakeClock();
    const server = scripted({ initialize() {} });
    const connecting = connect(server.dial, { clock, probeTimeout: 5000 });
    await server.links[0]?.next(PROBE);
    clock.advance(4999);
    await turn();
    expect(server.methods()).toEqual([PROBE]);
    clock.advance(1);
    const [far] = server.links;
    const { id } = (await far?.next('initialize')) ?? {};
    expect(id).not.toBe(1);
    far?.say({ jsonrpc: '2.0', id: 1, ...stepOf(MODERN_OPENING, PROBE) });
    far?.say({ jsonrpc: '2.0', id: id as number, ...stepOf(LEGACY_OPENING, 'initialize') });
    const client = await within(connecting, 'connecting');
    expect(client.era).toBe('legacy');
    far?.say({ jsonrpc: '2.0', id: 1, ...failing(-32601) });
    await turn();
    expect(server.links).toHaveLength(1);
    expect(far?.closes).toBe(0);
    await client.close();
  });

  test('dials once more where the server died of the probe, and opens as legacy at once', async () => {
    const server = scripted([{ [PROBE]: (_request, far) => far.end(new Error('died')) }, LEGACY_OPENING]);
    const client = await open(server);
    expect([server.methods(0), server.methods(1)]).toEqual([[PROBE], OPEN]);
    expect(server.links.map(({ closes }) => closes)).toEqual([1, 0]);
    await client.close();
  });

  test('gives up where the second server dies as well', async () => {
    const server = scripted([{ [PROBE]: (_, far) => far.end() }, { initialize: (_, far) => far.end() }]);
    expect(await rejection(open(server))).toMatchObject({ code: 'link-lost' });
    expect(server.links.map(({ closes }) => closes)).toEqual([1, 1]);
  });

  test('is given a transport, which cannot be dialled again', async () => {
    const server = scripted({ [PROBE]: (_, far) => far.end() });
    expect(await rejection(connect(server.dial(), { clock: new FakeClock() }))).toMatchObject({
      code: 'link-lost',
    });
    expect(server.links).toHaveLength(1);
  });
});

describe('what was found out', () => {
  const dying = [{ [PROBE]: (_: unknown, far: { end(): void }) => far.end() }, LEGACY_OPENING];

  test.each([undefined, 'stdio:remembered'])(
    'is remembered for the next link (target %s)',
    async (target) => {
      const server = scripted(dying, target);
      await (await open(server)).close();
      await (await open(server)).close();
      expect(server.methods(2)).toEqual(OPEN);
    },
  );

  test('is remembered for the target, whoever dials it', async () => {
    await (await open(scripted(dying, 'stdio:shared'))).close();
    const later = scripted(LEGACY_OPENING, 'stdio:shared');
    await (await open(later)).close();
    expect(later.methods(0)).toEqual(OPEN);
  });

  test('is found out afresh where it does not hold any more', async () => {
    await (await open(scripted(dying, 'stdio:upgraded'))).close();
    const upgraded = scripted(
      { initialize: failing(-32022, { supported: [MODERN] }), ...MODERN_OPENING },
      'stdio:upgraded',
    );
    const client = await open(upgraded);
    expect(client.era).toBe('modern');
    expect(upgraded.methods(0)).toEqual(['initialize']);
    expect(upgraded.methods(1)).toEqual([PROBE]);
    expect(upgraded.links.map(({ closes }) => closes)).toEqual([1, 0]);
    await client.close();
    await (await open(upgraded)).close();
    expect(upgraded.methods(2)).toEqual([PROBE]);
  });
});

describe('a client of one era', () => {
  test('that is modern never sends initialize', async () => {
    for (const script of [{ [PROBE]: failing(-32601) }, unsupported([NEWEST_LEGACY])]) {
      const server = scripted({ ...script, ...LEGACY_OPENING });
      expect(await rejection(open(server, { eras: ['modern'] }))).toMatchObject({ name: 'RemoteError' });
      expect(server.methods()).toEqual([PROBE]);
      expect(server.links[0]?.closes).toBe(1);
    }
  });

  test('that is legacy never probes', async () => {
    const server = scripted({ ...MODERN_OPENING, ...LEGACY_OPENING });
    const client = await open(server, { eras: ['legacy'] });
    expect(client.era).toBe('legacy');
    expect(server.methods()).toEqual(OPEN);
    await client.close();
  });

  test.each(['2024-11-05', '2025-03-26', '2025-06-18'])('takes the older revision %s', async (revision) => {
    const server = scripted(openingWith(revision));
    const client = await open(server, { eras: ['legacy'] });
    expect(client.revision).toBe(revision);
    await client.close();
  });

  test.each([MODERN, '1999-01-01'])('does not take %s from initialize', async (revision) => {
    const server = scripted(openingWith(revision));
    expect(await rejection(open(server, { eras: ['legacy'] }))).toMatchObject({ code: 'no-common-revision' });
    expect(server.methods()).toEqual(['initialize']);
    expect(server.links[0]?.closes).toBe(1);
  });
});

describe('opening a session', () => {
  test('fails in time where the server never answers, and closes the link', async () => {
    const clock = new FakeClock();
    const server = scripted({});
    const connecting = rejection(connect(server.dial, { clock, probeTimeout: 10, openTimeout: 1000 }));
    await server.links[0]?.next(PROBE);
    clock.advance(10);
    await server.links[0]?.next('initialize');
    clock.advance(1000);
    expect(await connecting).toMatchObject({ code: 'timed-out' });
    expect(server.links[0]?.closes).toBe(1);
    expect(server.methods().filter((method) => method === 'notifications/cancelled')).toHaveLength(1);
    expect(clock.armed).toBe(0);
  });

  test.each([PROBE, 'initialize'])('can be given up while %s waits', async (method) => {
    const server = scripted({ [PROBE]: failing(-32601), [method]: () => {} });
    const stop = new AbortController();
    const connecting = rejection(connect(server.dial, { clock: new FakeClock(), signal: stop.signal }));
    await server.links[0]?.next(method);
    const reason = new Error('enough');
    stop.abort(reason);
    expect(await connecting).toBe(reason);
    expect(server.links).toHaveLength(1);
    expect(server.links[0]?.closes).toBe(1);
  });

  test('answers a legacy server’s ping before it has opened', async () => {
    const server = scripted({
      ...MODERN_OPENING,
      initialize: ({ id }, far) => {
        far.say({ jsonrpc: '2.0', id: 'early', method: 'ping' });
        far.say({ jsonrpc: '2.0', id: id as number, ...stepOf(LEGACY_OPENING, 'initialize') });
      },
    });
    const client = await open(server, { eras: ['legacy'] });
    expect(await server.links[0]?.next((frame) => frame.id === 'early')).toMatchObject({ result: {} });
    await client.close();
  });
});

function openingWith(protocolVersion: string): Script {
  return {
    initialize: { result: { protocolVersion, capabilities: {}, serverInfo: { name: 'old', version: '1' } } },
  };
}

function stepOf(script: Script, method: string): JsonObject {
  const step = script[method];
  if (typeof step !== 'object') throw new Error(`the script answers ${method} with no literal`);
  return step;
}
