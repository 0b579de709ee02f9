import type { DiscoverResult, InitializeRequestParams, InitializeResult } from '../discovery.ts';
import { JULY_2026, NOVEMBER_2025 } from '../revision/revisions.ts';
import type { Common, Wire } from './common.ts';
import { listOf, object, optional, string } from './shape.ts';
import type { SchemasOf } from './shape.ts';

export type DiscoverySchemas = Partial<
  SchemasOf<{
    InitializeRequestParams: InitializeRequestParams;
    InitializeResult: Wire<InitializeResult>;
    DiscoverResult: Wire<DiscoverResult>;
  }>
>;

/** How a link opens until 2025-11-25, and what a server says of itself from then on. */
export function discoverySchemas({ types, request, result, cached, since, until }: Common): DiscoverySchemas {
  const offered = { capabilities: types.ServerCapabilities, instructions: optional(string) };
  return {
    ...until(NOVEMBER_2025, {
      InitializeRequestParams: object<InitializeRequestParams>({
        protocolVersion: string,
        capabilities: types.ClientCapabilities,
        clientInfo: types.Implementation,
        ...request,
      }),
      InitializeResult: object<Wire<InitializeResult>>({
        protocolVersion: string,
        serverInfo: types.Implementation,
        ...offered,
        ...result,
      }),
    }),
    ...since(JULY_2026, {
      DiscoverResult: object<Wire<DiscoverResult>>({
        supportedVersions: listOf(string),
        ...offered,
        ...result,
        ...cached,
      }),
    }),
  };
}
