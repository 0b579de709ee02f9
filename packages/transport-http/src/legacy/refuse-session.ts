import { RETRY_SOON, type HttpCall } from '@trunkline/http-host';
import { ErrorCode } from '@trunkline/protocol';
import type { NoSession } from './session-table.ts';

/** Says why there is no session for a call. */
export function refuseSession(call: HttpCall, why: NoSession): void {
  if (why === 404) return call.refuse(404, 'there is no such session; initialize without Mcp-Session-Id');
  call.refuse(why, 'there are too many sessions; end one, or try again later', {
    fields: RETRY_SOON,
    code: ErrorCode.ServerBusy,
  });
}
