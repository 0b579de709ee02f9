import { decodeFrame, TransportError } from '@trunkline/transport';
import { isResponse, type JsonRpcErrorResponse, type RequestId } from '@trunkline/protocol';
import { bodyKind, readText } from './reply.ts';

const MAX_ERROR_BYTES = 64 * 1024;

/**
 * What a response with an error status says: the JSON-RPC error in its body where there is one, else an error of the
 * transport with the status. Refused credentials and forgotten sessions are never read as answers.
 */
export async function readRefusal(
  response: Response,
  id: RequestId | undefined,
  inSession: boolean,
): Promise<JsonRpcErrorResponse | TransportError> {
  const { status } = response;
  const text = await readText(response, MAX_ERROR_BYTES).catch(() => '');
  if (status === 404 && inSession) {
    return new TransportError('expired', 'the server no longer knows this session', {
      status,
      delivery: 'not-sent',
    });
  }
  if (status !== 401 && status !== 403 && id !== undefined && bodyKind(response) === 'json') {
    const error = errorIn(text, id);
    if (error) return error;
  }
  return new TransportError(
    'refused',
    `the server answered with status ${status}${excerpt(response, text)}`,
    { status, delivery: 'answered' },
  );
}

function errorIn(text: string, id: RequestId): JsonRpcErrorResponse | undefined {
  const message = decodeFrame(text);
  if (
    message instanceof TransportError ||
    Array.isArray(message) ||
    !isResponse(message) ||
    !('error' in message)
  )
    return undefined;
  // The body can only be the answer to this request, also where the server could not read its id.
  return message.id === id || (message.id ?? null) === null ? { ...message, id } : undefined;
}

function excerpt(response: Response, text: string): string {
  if (bodyKind(response) === 'other' && !/^text\/plain/i.test(response.headers.get('content-type') ?? ''))
    return '';
  const line = text.replaceAll(/\s+/g, ' ').trim().slice(0, 200);
  return line === '' ? '' : `: ${line}`;
}
