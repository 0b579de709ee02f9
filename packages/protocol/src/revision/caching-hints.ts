import type { JsonValue } from '../json.ts';

/** How many milliseconds a result may be kept; none where nothing usable is said. */
export function ttlOf(value: JsonValue | undefined): number {
  return typeof value === 'number' && value > 0 ? Math.min(Math.floor(value), Number.MAX_SAFE_INTEGER) : 0;
}

/** Who may share a kept result; nobody where nothing usable is said. */
export function scopeOf(value: JsonValue | undefined): 'public' | 'private' {
  return value === 'public' ? 'public' : 'private';
}
