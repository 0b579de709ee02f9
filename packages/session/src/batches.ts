import { ErrorCode, findRevision, isResponse, type JsonRpcErrorResponse } from '@trunkline/protocol';
import type { Batch } from '@trunkline/transport';
import { modernServer } from './era/modern-server.ts';

/** Decides once per batch whether its messages may be taken one by one, and answers for the batch if not. */
export class Batches {
  readonly #verdicts = new WeakMap<Batch, boolean>();

  /** Whether a message of this batch may be handled by a peer that agreed on `revision`. */
  admit(batch: Batch, revision: string | undefined): boolean {
    const known = this.#verdicts.get(batch);
    if (known !== undefined) return known;
    const admitted = isAdmissible(batch, revision);
    this.#verdicts.set(batch, admitted);
    if (!admitted) batch.refuse(refusal(batch));
    return admitted;
  }
}

/** Only one revision knows batches. https://modelcontextprotocol.io/specification/2025-03-26/basic#batching */
function isAdmissible({ messages }: Batch, revision: string | undefined): boolean {
  if (findRevision(revision)?.batches !== true) return false;
  return messages.every(
    (message) => isResponse(message) || modernServer.codec.decodeEnvelope(message.params) === undefined,
  );
}

function refusal({ messages }: Batch): JsonRpcErrorResponse {
  const message = `a batch of ${messages.length} messages is not allowed in this revision; send them one by one`;
  return { jsonrpc: '2.0', error: { code: ErrorCode.InvalidRequest, message } };
}
