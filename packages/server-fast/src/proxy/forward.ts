import { isJsonObject, type JsonObject } from '@trunkline/protocol';
import { principalOf, type Client, type Clock, type RequestOptions } from '@trunkline/session';
import type { CallContext } from '../context.ts';
import type { Lanes } from './lanes.ts';
import { OpenCall } from './open-call.ts';
import type { Parking } from './parking.ts';

/** What forwarding needs. */
export interface Remote {
  /** Reads lists, and makes all calls to a modern server. */
  readonly client: Client;
  readonly lanes: Lanes;
  readonly parking: Parking;
  readonly clock: Clock;
}

/** Makes a call at the remote server for a caller here, with progress, cancellation and questions carried through. */
export function forward(
  remote: Remote,
  method: string,
  params: JsonObject,
  context: CallContext,
): Promise<JsonObject> {
  return remote.client.era === 'modern'
    ? forwardModern(remote.client, method, params, context)
    : forwardLegacy(remote, method, params, context);
}

/** A modern server remembers in its state what it needs, so nothing is kept here. */
async function forwardModern(
  client: Client,
  method: string,
  params: JsonObject,
  context: CallContext,
): Promise<JsonObject> {
  const { requestState, inputResponses } = context;
  const again = {
    ...params,
    ...(requestState !== undefined && { requestState }),
    ...(inputResponses && { inputResponses: inputResponses as unknown as JsonObject }),
  };
  return client.request(method, again, {
    inputRequired: 'return',
    signal: context.signal,
    onProgress: ({ progress, total, message }) => void context.progress(progress, total, message),
    ...carried(context),
  });
}

/** A legacy server asks in the middle of the call, which stays open until its caller comes back with the answer. */
async function forwardLegacy(
  { lanes, parking, clock }: Remote,
  method: string,
  params: JsonObject,
  context: CallContext,
): Promise<JsonObject> {
  const handle = context.requestState;
  let call: OpenCall;
  if (handle === undefined) {
    const lane = await lanes.take(ownerOf(context));
    call = new OpenCall(
      (signal, onProgress) =>
        lane.client.request(method, params, { signal, onProgress, timeout: Infinity, ...carried(context) }),
      clock,
    );
    lane.call = call;
    void call.over.then(() => lanes.release(lane));
  } else {
    call = parking.rejoin(handle);
    call.answer(context.inputResponses ?? {});
  }
  const outcome = await call.next(context);
  if ('result' in outcome) return outcome.result;
  return {
    resultType: 'input_required',
    inputRequests: outcome.questions as unknown as JsonObject,
    requestState: parking.park(call),
  };
}

const NOBODY = {};

function ownerOf({ auth, session }: CallContext): unknown {
  const principal = principalOf(auth);
  return principal === '' ? (session ?? NOBODY) : principal;
}

/** What of the caller's metadata is for everybody on the way. https://modelcontextprotocol.io/specification/2026-07-28/basic#_meta */
function carried({ meta }: CallContext): Pick<RequestOptions, 'meta'> {
  const names = ['traceparent', 'tracestate', 'baggage'].filter((name) => meta[name] !== undefined);
  return isJsonObject(meta) && names.length > 0
    ? { meta: Object.fromEntries(names.map((name) => [name, meta[name]])) }
    : {};
}
