import { TransportError, type AuthInfo, type Transport } from '@trunkline/transport';
import { CloseCode } from '../close-code.ts';

/** Closes a link when the identity it was opened with no longer holds: nobody asks for it a second time. */
export function closeOnExpiry(transport: Transport, auth: AuthInfo | undefined): void {
  if (auth?.expiresAt === undefined) return;
  const end = auth.expiresAt * 1000 + LEEWAY;
  let timer: ReturnType<typeof setTimeout>;
  const look = (): void => {
    const left = end - Date.now();
    if (left <= 0) return void transport.close(expired());
    timer = setTimeout(look, Math.min(left, LONGEST_TIMEOUT));
    timer.unref();
  };
  look();
  void transport.closed.then(() => clearTimeout(timer));
}

/** Milliseconds by which two clocks may differ. */
const LEEWAY = 60_000;

const LONGEST_TIMEOUT = 2 ** 31 - 1;

function expired(): TransportError {
  return new TransportError('expired', 'the credentials of this connection have expired', {
    status: CloseCode.Policy,
  });
}
