import { ErrorCode } from '../error-codes.ts';
import type { JsonRpcError } from '../json-rpc.ts';
import { JULY_2026, NOVEMBER_2024, NOVEMBER_2025 } from './revisions.ts';

/** What is known of an error code. */
export interface ErrorCodeTraits {
  readonly name: keyof typeof ErrorCode;
  readonly code: number;
  /** The first and, unless it is still known, the last revision that knows the code. */
  readonly since: string;
  readonly until?: string;
  /** What stands in its place in a revision that does not know it. */
  readonly substitute?: number;
  /** Where it is defined. */
  readonly spec?: string;
}

const SPEC = 'https://modelcontextprotocol.io/specification';
const BASIC = `${SPEC}/2026-07-28/basic#error-codes`;

/** Every code of `ErrorCode`, with the revisions that know it. */
export const ERROR_CODES: readonly ErrorCodeTraits[] = [
  { name: 'ParseError', code: ErrorCode.ParseError, since: NOVEMBER_2024, spec: BASIC },
  { name: 'InvalidRequest', code: ErrorCode.InvalidRequest, since: NOVEMBER_2024, spec: BASIC },
  { name: 'MethodNotFound', code: ErrorCode.MethodNotFound, since: NOVEMBER_2024, spec: BASIC },
  { name: 'InvalidParams', code: ErrorCode.InvalidParams, since: NOVEMBER_2024, spec: BASIC },
  { name: 'InternalError', code: ErrorCode.InternalError, since: NOVEMBER_2024, spec: BASIC },
  {
    name: 'HeaderMismatch',
    code: ErrorCode.HeaderMismatch,
    since: JULY_2026,
    substitute: ErrorCode.InvalidRequest,
    spec: `${SPEC}/2026-07-28/basic/transports/streamable-http`,
  },
  {
    name: 'MissingRequiredClientCapability',
    code: ErrorCode.MissingRequiredClientCapability,
    since: JULY_2026,
    substitute: ErrorCode.InvalidRequest,
    spec: BASIC,
  },
  {
    name: 'UnsupportedProtocolVersion',
    code: ErrorCode.UnsupportedProtocolVersion,
    since: JULY_2026,
    substitute: ErrorCode.InvalidParams,
    spec: BASIC,
  },
  {
    name: 'ResourceNotFound',
    code: ErrorCode.ResourceNotFound,
    since: NOVEMBER_2024,
    until: NOVEMBER_2025,
    substitute: ErrorCode.InvalidParams,
    spec: `${SPEC}/2025-11-25/server/resources#error-handling`,
  },
  {
    name: 'UrlElicitationRequired',
    code: ErrorCode.UrlElicitationRequired,
    since: NOVEMBER_2025,
    until: NOVEMBER_2025,
    substitute: ErrorCode.InternalError,
    spec: `${SPEC}/2025-11-25/client/elicitation#url-elicitation-required-error`,
  },
  { name: 'ServerBusy', code: ErrorCode.ServerBusy, since: NOVEMBER_2024 },
];

const BY_CODE: ReadonlyMap<number, ErrorCodeTraits> = new Map(
  ERROR_CODES.map((traits) => [traits.code, traits]),
);

/** The error with a code that the revision knows; its text and data stay. */
export function errorIn(revision: string, error: JsonRpcError): JsonRpcError {
  const traits = BY_CODE.get(error.code);
  if (traits?.substitute === undefined) return error;
  const known = traits.since <= revision && (traits.until === undefined || revision <= traits.until);
  return known ? error : { ...error, code: traits.substitute };
}
