export { ClientGroup } from './group.ts';
export type {
  CleanupStack,
  GroupChange,
  GroupOptions,
  GroupStatusListener,
  RouteOptions,
  SessionParameters,
} from './group-options.ts';
export type { Component, ComponentKind, ComponentNameHook, Definitions, Quarantined } from './components.ts';
export type { ConnectOptions, ConnectProgress, GroupOutcome } from './outcome.ts';
export type { Route } from './directory.ts';
export type { MemberStatus } from './member.ts';
export type {
  Dialers,
  HttpDialing,
  RestartPolicy,
  ServerParameters,
  ServerSource,
  SseDialing,
  SseServerParameters,
  StdioDialing,
  StdioServerParameters,
  StreamableHttpParameters,
  WebSocketParameters,
} from './parameters.ts';
export { GroupError, isGroupError } from './group-error.ts';
export type { GroupErrorCode } from './group-error.ts';
export { readConfig } from './config.ts';
export type { Configuration } from './config.ts';
export type { Substitutions } from './substitute.ts';
export { searchComponents } from './search.ts';
export type { SearchHit, SearchOptions } from './search.ts';
export { asServer } from './as-server.ts';
export type { RelayOptions } from './as-server.ts';
