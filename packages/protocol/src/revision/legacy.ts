import type { RevisionCodec } from './codec.ts';

/** The codec of the legacy era. */
export const legacy: RevisionCodec = {
  era: 'legacy',
  encodeParams: (_method, params) => params,
  decodeEnvelope: () => undefined,
  encodeResult: (_method, result) => result,
  decodeResult: (_method, result) => ({ kind: 'complete', result }),
  encodeInputRequest: (_method, params) => params,
  encodeError: (error) => error,
};
