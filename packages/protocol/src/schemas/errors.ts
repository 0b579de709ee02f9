import * as z from 'zod/mini';
import type { ClientCapabilities } from '../capabilities.ts';
import type { ElicitRequestURLParams } from '../elicitation.ts';
import { ErrorCode } from '../error-codes.ts';
import type { JsonRpcError, JsonRpcErrorResponse } from '../json-rpc.ts';
import { JULY_2026, NOVEMBER_2025 } from '../revision/revisions.ts';
import type { Common } from './common.ts';
import type { ElicitationSchemas } from './elicitation.ts';
import { json, listOf, literal, object, optional, string } from './shape.ts';
import type { Schema, SchemasOf } from './shape.ts';

/** The data of the errors that have some. */
type MissingCapability = { requiredCapabilities: ClientCapabilities };
type UnsupportedVersion = { supported: string[]; requested: string };
type UrlsToOpen = { elicitations: ElicitRequestURLParams[] };

type ErrorWith<Data> = { code: number; message: string; data: Data };
type ResponseWith<Data> = Omit<JsonRpcErrorResponse, 'error'> & { error: ErrorWith<Data> };

export type ErrorSchemas = SchemasOf<{
  ParseError: JsonRpcError;
  InvalidRequestError: JsonRpcError;
  MethodNotFoundError: JsonRpcError;
  InvalidParamsError: JsonRpcError;
  InternalError: JsonRpcError;
}> &
  Partial<
    SchemasOf<{
      HeaderMismatchError: JsonRpcErrorResponse;
      MissingRequiredClientCapabilityError: ResponseWith<MissingCapability>;
      UnsupportedProtocolVersionError: ResponseWith<UnsupportedVersion>;
      URLElicitationRequiredError: ResponseWith<UrlsToOpen>;
    }>
  >;

/** The errors that the specification names: the first five are the error itself, the others the whole response. */
export function errorSchemas(
  { types, since, only }: Common,
  elicitation: ElicitationSchemas | undefined,
): ErrorSchemas {
  const response = { jsonrpc: literal('2.0'), id: optional(types.RequestId) };
  const urls = elicitation?.ElicitRequestURLParams;
  return {
    ParseError: plainError(ErrorCode.ParseError),
    InvalidRequestError: plainError(ErrorCode.InvalidRequest),
    MethodNotFoundError: plainError(ErrorCode.MethodNotFound),
    InvalidParamsError: plainError(ErrorCode.InvalidParams),
    InternalError: plainError(ErrorCode.InternalError),
    ...since(JULY_2026, {
      HeaderMismatchError: object<JsonRpcErrorResponse>({
        ...response,
        error: plainError(ErrorCode.HeaderMismatch),
      }),
      MissingRequiredClientCapabilityError: object<ResponseWith<MissingCapability>>({
        ...response,
        error: object<ErrorWith<MissingCapability>>({
          ...coded(ErrorCode.MissingRequiredClientCapability),
          data: object<MissingCapability>({ requiredCapabilities: types.ClientCapabilities }),
        }),
      }),
      UnsupportedProtocolVersionError: object<ResponseWith<UnsupportedVersion>>({
        ...response,
        error: object<ErrorWith<UnsupportedVersion>>({
          ...coded(ErrorCode.UnsupportedProtocolVersion),
          data: object<UnsupportedVersion>({ supported: listOf(string), requested: string }),
        }),
      }),
    }),
    ...(urls &&
      only(NOVEMBER_2025, {
        URLElicitationRequiredError: object<ResponseWith<UrlsToOpen>>({
          ...response,
          error: object<ErrorWith<UrlsToOpen>>({
            ...coded(ErrorCode.UrlElicitationRequired),
            data: object<UrlsToOpen>({ elicitations: listOf(urls) }),
          }),
        }),
      })),
  };
}

function plainError(code: number): Schema<JsonRpcError> {
  return object<JsonRpcError>({ ...coded(code), data: optional(json) });
}

function coded(code: number) {
  return { code: z.literal(code), message: string };
}
