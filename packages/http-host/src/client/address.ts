import { TransportError } from '@trunkline/transport';

/**
 * The address of a server, without its fragment. Throws `misuse` for one of another scheme than `plain` and its secure
 * form, and for one that carries credentials.
 */
export function serverAddress(url: string | URL, plain: 'http' | 'ws'): URL {
  if (!URL.canParse(url)) throw misuse(`${JSON.stringify(String(url))} is not an address`);
  const address = new URL(url);
  if (address.protocol !== `${plain}:` && address.protocol !== `${plain}s:`) {
    throw misuse(`${address.protocol} is not a protocol of this transport; use ${plain}: or ${plain}s:`);
  }
  if (address.username !== '' || address.password !== '') {
    throw misuse(`the address of ${address.host} carries credentials; pass them as a header`);
  }
  address.hash = '';
  return address;
}

function misuse(reason: string): TransportError {
  return new TransportError('misuse', reason, { delivery: 'not-sent' });
}
