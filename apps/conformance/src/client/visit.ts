import { connect, type Client, type ClientOptions } from '@trunkline/session';
import { httpClient, type HttpClientOptions } from '@trunkline/transport-http';

/** What the suite tells the client about the scenario that it is in. */
export interface Visit {
  readonly url: string;
  readonly scenario: string;
  /** The revision of the scenario; its date decides the era. */
  readonly revision: string;
  /** What only some scenarios say. */
  readonly context: Readonly<Record<string, unknown>>;
}

/** The visit that the suite's environment describes. */
export function visitFrom(args: readonly string[], env: NodeJS.ProcessEnv): Visit {
  const url = args.at(-1);
  if (url === undefined)
    throw new Error('Usage: client <url>, with MCP_CONFORMANCE_SCENARIO in the environment');
  return {
    url,
    scenario: env['MCP_CONFORMANCE_SCENARIO'] ?? 'tools_call',
    revision: env['MCP_CONFORMANCE_PROTOCOL_VERSION'] ?? '2026-07-28',
    context: JSON.parse(env['MCP_CONFORMANCE_CONTEXT'] ?? '{}') as Record<string, unknown>,
  };
}

/** Connects in the era of the scenario, does what is to be done, and leaves. */
export async function during(
  { url, revision }: Visit,
  use: (client: Client) => Promise<void>,
  options: ClientOptions = {},
  link: HttpClientOptions = {},
): Promise<void> {
  const eras = [revision >= '2026-07-28' ? 'modern' : 'legacy'] as const;
  const info = { name: 'trunkline-everything-client', version: '1.0.0' };
  await using client = await connect(httpClient(url, link), { eras, info, ...options });
  await use(client);
}
