import { TransportError } from '@trunkline/transport';

/** The address of a server, without its fragment. Throws `misuse` for one that is not http or https, or that carries credentials. */
export function httpAddress(url: string | URL): URL {
  if (!URL.canParse(url))
    throw new TransportError('misuse', `${JSON.stringify(String(url))} is not an address`);
  const address = new URL(url);
  if (address.protocol !== 'http:' && address.protocol !== 'https:') {
    throw new TransportError(
      'misuse',
      `${address.protocol} is not a protocol of this transport; use http: or https:`,
    );
  }
  if (address.username !== '' || address.password !== '') {
    throw new TransportError(
      'misuse',
      `the address of ${address.host} carries credentials; pass them as a header`,
    );
  }
  address.hash = '';
  return address;
}
