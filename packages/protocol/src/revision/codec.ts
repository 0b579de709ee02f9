import type { ClientCapabilities } from '../capabilities.ts';
import type { Implementation } from '../implementation.ts';
import type { JsonRpcError } from '../json-rpc.ts';
import type { JsonObject } from '../json.ts';
import type { LoggingLevel } from '../logging.ts';
import type { InputRequests } from '../input-required.ts';

/** The two families of revisions: `legacy` opens with `initialize`, `modern` repeats its metadata in every request. */
export type Era = 'legacy' | 'modern';

/** What a client says of itself: once on a legacy link, with every request in the modern era. */
export interface Envelope {
  readonly revision: string;
  readonly clientCapabilities: ClientCapabilities;
  readonly clientInfo?: Implementation;
  readonly logLevel?: LoggingLevel;
}

/** What a result turned out to be. `extension` carries a `resultType` that only an extension can explain. */
export type Outcome =
  | { readonly kind: 'complete'; readonly result: JsonObject }
  | {
      readonly kind: 'input_required';
      readonly inputRequests?: InputRequests;
      readonly requestState?: string;
    }
  | { readonly kind: 'extension'; readonly resultType: string; readonly result: JsonObject };

/** What an encoder may need besides the value. */
export interface EncodeContext {
  readonly revision: string;
  /** Stamped on results where the revision has a place for it. */
  readonly serverInfo?: Implementation;
}

/** What clients need of an era: neutral values to the wire, and back. Both eras implement the same members, so nobody else asks which era it is. */
export interface ClientCodec {
  readonly era: Era;
  /** Adds the envelope to the params of a client's request and leaves out what the revision does not know. */
  encodeParams(method: string, params: JsonObject | undefined, envelope: Envelope): JsonObject | undefined;
  /** Checks the shape that `method` promises and strips what only the wire needs; throws `ProtocolError`. */
  decodeResult(method: string, wire: JsonObject): Outcome;
}

/** What servers need of an era. Apart from what clients need, so that neither carries the other along. */
export interface ServerCodec {
  readonly era: Era;
  /**
   * Reads the envelope of a request. `undefined`: it carries none (always so in the legacy era). An error: it carries a
   * defective one, and this is the answer.
   */
  decodeEnvelope(params: JsonObject | undefined): Envelope | JsonRpcError | undefined;
  /** Turns a handler's result into what the revision allows on the wire; never changes `result` itself. */
  encodeResult(method: string, result: JsonObject, context: EncodeContext): JsonObject;
  /** Turns the params of what a server asks its client (`elicitation/create`, …) into the words of the revision. */
  encodeInputRequest(method: string, params: JsonObject, context: EncodeContext): JsonObject;
  /** Maps an error to the code that the revision uses for it. */
  encodeError(error: JsonRpcError, context: EncodeContext): JsonRpcError;
}
