import { assertRedirectUri } from '../client/authorize.ts';
import { isLoopbackName } from '../client/addresses.ts';

/** Whether a client may be answered there. */
export function isRedirectUri(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > 2_048) return false;
  try {
    assertRedirectUri(value);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether an address is one of those that were registered: the same text, or on this machine the same but for the port,
 * which a program there cannot choose beforehand. https://www.rfc-editor.org/rfc/rfc8252#section-7.3
 */
export function isRegistered(address: string, registered: readonly string[]): boolean {
  return registered.includes(address) || registered.some((one) => isSameProgram(address, one));
}

/** Where an answer goes, in words for the user. */
export function destinationOf(redirectUri: string): { name: string; local: boolean } {
  const { protocol, hostname, host } = new URL(redirectUri);
  if (protocol !== 'http:' && protocol !== 'https:')
    return { name: `a program on this device (${protocol})`, local: true };
  return { name: host, local: isLoopbackName(hostname) };
}

function isSameProgram(address: string, registered: string): boolean {
  if (!isRedirectUri(address)) return false;
  const [given, known] = [new URL(address), new URL(registered)];
  if (known.protocol !== 'http:' || !isLoopbackName(known.hostname)) return false;
  given.port = known.port;
  return given.href === known.href;
}
