import { TransportError } from '@trunkline/transport';

/**
 * The address that a stream announces for posts. Throws `refused` unless it is of the same origin as the stream: credentials
 * meant for one server never go to another. https://modelcontextprotocol.io/specification/2024-11-05/basic/transports#http-with-sse
 */
export function endpointIn(data: string, stream: string): string {
  const { origin } = new URL(stream);
  if (!URL.canParse(data, stream)) throw refused(`${JSON.stringify(data.slice(0, 200))} is not an address`);
  const endpoint = new URL(data, stream);
  if (endpoint.origin !== origin || endpoint.username !== '' || endpoint.password !== '') {
    throw refused(`${endpoint.origin} is another origin than ${origin}, where the stream is`);
  }
  endpoint.hash = '';
  return endpoint.href;
}

function refused(reason: string): TransportError {
  return new TransportError('refused', `the stream announces where to post, but ${reason}`, {
    delivery: 'not-sent',
  });
}
