import type { Era } from '@trunkline/protocol';
import { SessionError } from '@trunkline/session';
import type { FastServerOptions } from '../server-options.ts';

/** The options of a server that its environment may set. */
export type Settings = Pick<
  FastServerOptions,
  'pageSize' | 'eras' | 'instructions' | 'stateTtl' | 'caching' | 'limits' | 'requestState'
>;

/** One variable of the environment. */
export interface Setting {
  readonly name: string;
  /** What it sets, with its form. */
  readonly sets: string;
  readonly read: (text: string) => Settings;
}

/** Every variable that {@link settingsFrom} reads. */
export const SETTINGS: readonly Setting[] = [
  {
    name: 'TRUNKLINE_ERAS',
    sets: '`eras`: `modern`, `legacy`, or both with a comma',
    read: (text) => ({
      eras: text.split(',').map((era) => oneOf(era.trim(), ['modern', 'legacy'])) as Era[],
    }),
  },
  {
    name: 'TRUNKLINE_INSTRUCTIONS',
    sets: '`instructions`',
    read: (text) => ({ instructions: text }),
  },
  {
    name: 'TRUNKLINE_PAGE_SIZE',
    sets: '`pageSize`: entries of one page',
    read: (text) => ({ pageSize: whole(text, 1) }),
  },
  {
    name: 'TRUNKLINE_CACHE_TTL',
    sets: '`caching.ttlMs`: milliseconds for which lists may be reused',
    read: (text) => ({ caching: { ttlMs: whole(text, 0) } }),
  },
  {
    name: 'TRUNKLINE_STATE_TTL',
    sets: '`stateTtl`: milliseconds that state lives',
    read: (text) => ({ stateTtl: whole(text, 1) }),
  },
  {
    name: 'TRUNKLINE_MAX_RUNNING',
    sets: '`limits.maxRunning`: requests at once on one link',
    read: (text) => ({ limits: { maxRunning: whole(text, 1) } }),
  },
  {
    name: 'TRUNKLINE_MAX_DURATION',
    sets: '`limits.maxDuration`: milliseconds of a handler',
    read: (text) => ({ limits: { maxDuration: whole(text, 1) } }),
  },
  {
    name: 'TRUNKLINE_REQUEST_STATE_KEYS',
    sets: '`requestState.keys`: secrets of 32 bytes in Base64, the sealing one first, with commas',
    read: (text) => ({ requestState: { keys: text.split(',').map((key) => secret(key.trim())) } }),
  },
];

/**
 * The options that an environment sets, to be spread over those of `createServer`. Throws a `SessionError` that names the
 * variable for a value that is none; secrets are not repeated.
 */
export function settingsFrom(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Settings {
  let settings: Settings = {};
  for (const { name, sets, read } of SETTINGS) {
    const text = environment[name];
    if (text === undefined || text === '') continue;
    try {
      const set = read(text);
      settings = {
        ...settings,
        ...set,
        ...(set.limits && { limits: { ...settings.limits, ...set.limits } }),
      };
    } catch (cause) {
      throw new SessionError('misuse', `${name} sets ${sets}; its value is none`, { cause });
    }
  }
  return settings;
}

function whole(text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least) throw new RangeError(`not a whole number from ${least}`);
  return value;
}

function oneOf(text: string, allowed: readonly string[]): string {
  if (!allowed.includes(text)) throw new RangeError(`not one of ${allowed.join(', ')}`);
  return text;
}

function secret(text: string): Uint8Array {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  if (bytes.length !== 32) throw new RangeError('not 32 bytes');
  return bytes;
}
