import type { ClientCapabilities } from '../capabilities.ts';
import { invalidParams, unsupportedProtocolVersion } from '../error-codes.ts';
import type { Implementation } from '../implementation.ts';
import type { JsonRpcError } from '../json-rpc.ts';
import { isJsonObject, own } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { LOGGING_LEVELS } from '../logging.ts';
import type { LoggingLevel } from '../logging.ts';
import { MetaKey } from '../meta.ts';
import type { Envelope } from './codec.ts';
import { findRevision, LATEST, revisionsOf } from './revisions.ts';

/** The params with the envelope in their `_meta`. https://modelcontextprotocol.io/specification/2026-07-28/basic#_meta */
export function withEnvelope(params: JsonObject | undefined, envelope: Envelope): JsonObject {
  const meta = params?.['_meta'];
  const stamped: JsonObject = isJsonObject(meta) ? { ...meta } : {};
  stamped[MetaKey.protocolVersion] = envelope.revision;
  stamped[MetaKey.clientCapabilities] = envelope.clientCapabilities;
  if (envelope.clientInfo) stamped[MetaKey.clientInfo] = envelope.clientInfo;
  if (envelope.logLevel) stamped[MetaKey.logLevel] = envelope.logLevel;
  return { ...params, _meta: stamped };
}

/**
 * Reads the envelope of a modern request, of which one key is enough to be one. What is inherited counts for nothing.
 * A defective envelope yields the error that answers it, never a guess.
 */
export function readEnvelope(params: JsonObject | undefined): Envelope | JsonRpcError | undefined {
  const meta = params && own(params, '_meta');
  if (meta === undefined) return undefined;
  if (!isJsonObject(meta)) return defect('_meta', 'an object');
  const revision = own(meta, MetaKey.protocolVersion);
  const capabilities = own(meta, MetaKey.clientCapabilities);
  if (revision === undefined && capabilities === undefined) return undefined;
  if (typeof revision !== 'string') return defect(MetaKey.protocolVersion, 'a string');
  if (!isJsonObject(capabilities)) return defect(MetaKey.clientCapabilities, 'an object');
  const capability = CAPABILITIES.find((name) => !isAbsentOrObject(own(capabilities, name)));
  if (capability) return defect(`${MetaKey.clientCapabilities}.${capability}`, 'an object');
  const clientInfo = own(meta, MetaKey.clientInfo);
  if (!isImplementation(clientInfo)) return defect(MetaKey.clientInfo, 'an object with a name and a version');
  const logLevel = own(meta, MetaKey.logLevel);
  if (!isLoggingLevel(logLevel)) return defect(MetaKey.logLevel, `one of ${LOGGING_LEVELS.join(', ')}`);
  if (!isModern(revision)) return unsupportedProtocolVersion(revision, revisionsOf('modern')).toJSON();
  return envelopeOf(revision, capabilities, clientInfo, logLevel);
}

const CAPABILITIES = ['elicitation', 'sampling', 'roots', 'extensions', 'experimental'] as const;

function defect(key: string, expected: string): JsonRpcError {
  return invalidParams(`The request's _meta is defective: ${key} must be ${expected}`).toJSON();
}

function isAbsentOrObject(value: JsonValue | undefined): boolean {
  return value === undefined || isJsonObject(value);
}

function isImplementation(value: JsonValue | undefined): value is Implementation | undefined {
  if (value === undefined) return true;
  return (
    isJsonObject(value) && typeof own(value, 'name') === 'string' && typeof own(value, 'version') === 'string'
  );
}

function isLoggingLevel(value: JsonValue | undefined): value is LoggingLevel | undefined {
  return value === undefined || LOGGING_LEVELS.some((level) => level === value);
}

function isModern(revision: string): boolean {
  return revision === LATEST.modern || findRevision(revision)?.era === 'modern';
}

function envelopeOf(
  revision: string,
  clientCapabilities: ClientCapabilities,
  clientInfo: Implementation | undefined,
  logLevel: LoggingLevel | undefined,
): Envelope {
  if (clientInfo === undefined) {
    return logLevel === undefined
      ? { revision, clientCapabilities }
      : { revision, clientCapabilities, logLevel };
  }
  return logLevel === undefined
    ? { revision, clientCapabilities, clientInfo }
    : { revision, clientCapabilities, clientInfo, logLevel };
}
