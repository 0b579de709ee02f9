/** An error that a client is told in the words of OAuth. */
export class OAuthError extends Error {
  readonly error: string;
  readonly status: 400 | 401 | 413;

  constructor(error: string, description: string, status: 400 | 401 | 413 = 400) {
    super(description);
    this.name = 'OAuthError';
    this.error = error;
    this.status = status;
  }
}
