import { AuthError } from '../auth-error.ts';

/**
 * The JSON object of a response, or `undefined` where there is none: a client error, or a page in place of a document.
 * Rejects with `discovery` if the server is at fault.
 */
export async function readDocument(response: Response): Promise<Record<string, unknown> | undefined> {
  const { status } = response;
  if (status >= 500 || status === 429)
    throw new AuthError('discovery', `metadata could not be read: status ${status}`, { status });
  const text = await response.text();
  if (status !== 200) return undefined;
  try {
    const document: unknown = JSON.parse(text);
    if (typeof document === 'object' && document !== null && !Array.isArray(document))
      return document as Record<string, unknown>;
  } catch {
    // A page for people, as servers with a catch-all answer.
  }
  return undefined;
}
