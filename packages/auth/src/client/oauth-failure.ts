import {
  AuthorizationResponseError,
  OperationProcessingError,
  ResponseBodyError,
  UnsupportedOperationError,
  WWWAuthenticateChallengeError,
} from 'oauth4webapi';
import { AuthError, isAuthError, type AuthErrorCode } from '../auth-error.ts';

/**
 * What went wrong with an OAuth request, as an `AuthError` of the given code. Of the answer only the error code and its
 * description are kept: what else it holds may be secret.
 */
export function oauthFailure(code: AuthErrorCode, what: string, error: unknown): unknown {
  if (isAuthError(error)) return error;
  if (error instanceof ResponseBodyError) {
    const { status } = error;
    return new AuthError(code, `${what}: ${said(error)}`, { reason: printable(error.error), status });
  }
  if (error instanceof AuthorizationResponseError)
    return new AuthError(code, `${what}: ${said(error)}`, { reason: printable(error.error) });
  if (error instanceof WWWAuthenticateChallengeError) {
    const reason = error.cause.find(({ parameters }) => parameters.error)?.parameters.error;
    const { status } = error;
    return new AuthError(
      code,
      `${what}: status ${status}${reason === undefined ? '' : `, ${printable(reason)}`}`,
      {
        status,
        ...(reason !== undefined && { reason: printable(reason) }),
      },
    );
  }
  // Their messages name members and never their values.
  if (error instanceof OperationProcessingError || error instanceof UnsupportedOperationError)
    return new AuthError(code, `${what}: ${error.message}`);
  return error;
}

function said({
  error,
  error_description: text,
}: {
  error: string;
  error_description?: string | undefined;
}): string {
  return text === undefined ? printable(error) : `${printable(error)} (${printable(text)})`;
}

/** Foreign text, cut to what a log line can bear. */
function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200);
}
