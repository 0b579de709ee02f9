import { getCookie, setCookie } from 'hono/cookie';
import type { Context } from 'hono';
import { generateRandomState } from 'oauth4webapi';
import { digest } from './vault.ts';

const LIFETIME = 600;

/** Marks the browser that a question is put to, and returns the hash of the mark. */
export async function bindBrowser(context: Context, issuer: string): Promise<string> {
  const { name, secure } = cookieFor(issuer);
  const held = getCookie(context, name);
  const mark = held !== undefined && /^[\w-]{43}$/.test(held) ? held : generateRandomState();
  setCookie(context, name, mark, { httpOnly: true, sameSite: 'Lax', secure, path: '/', maxAge: LIFETIME });
  return digest(mark);
}

/** Whether a request comes from the browser that was marked. */
export async function isBoundBrowser(context: Context, issuer: string, expected: string): Promise<boolean> {
  const mark = getCookie(context, cookieFor(issuer).name);
  return mark !== undefined && (await digest(mark)) === expected;
}

/** The prefix keeps other hosts and plain connections from setting it; on this machine there is no https to ask for. */
function cookieFor(issuer: string): { name: string; secure: boolean } {
  const secure = new URL(issuer).protocol === 'https:';
  return { name: secure ? '__Host-trunkline-consent' : 'trunkline-consent', secure };
}
