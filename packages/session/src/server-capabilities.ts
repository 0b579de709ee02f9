import { mergeCapabilities, type ServerCapabilities } from '@trunkline/protocol';

/** The capability that having a handler shows. */
const SHOWN_BY: readonly (readonly [prefix: string, capability: ServerCapabilities])[] = [
  ['tools/', { tools: {} }],
  ['prompts/', { prompts: {} }],
  ['resources/', { resources: {} }],
  ['completion/', { completions: {} }],
  ['logging/', { logging: {} }],
];

/** What a server offers: what its handlers show, and what was declared beside. */
export function inferCapabilities(
  methods: Iterable<string>,
  declared: ServerCapabilities = {},
): ServerCapabilities {
  const shown = [...methods].flatMap((method) =>
    SHOWN_BY.filter(([prefix]) => method.startsWith(prefix)).map(([, capability]) => capability),
  );
  return mergeCapabilities(...shown, declared);
}
