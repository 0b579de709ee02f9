/** A session id that nobody guesses: two of the platform's random ids, 244 bits. */
export function newSessionId(): string {
  return `${crypto.randomUUID()}${crypto.randomUUID()}`.replaceAll('-', '');
}
