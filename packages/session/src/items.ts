import type { JsonObject, Prompt, Resource, ResourceTemplate, Tool } from '@trunkline/protocol';
import { pagesOf, type PageOptions } from './pagination.ts';
import type { RequestOptions } from './request-options.ts';

/** The items of each kind of list. */
export interface ListItems {
  readonly tools: Tool;
  readonly resources: Resource;
  readonly resourceTemplates: ResourceTemplate;
  readonly prompts: Prompt;
}

/** What a server lists. */
export type ListKind = keyof ListItems;

/** One item of a list. */
export type ItemOf<Kind extends ListKind> = ListItems[Kind];

const METHODS: Readonly<Record<ListKind, string>> = {
  tools: 'tools/list',
  resources: 'resources/list',
  resourceTemplates: 'resources/templates/list',
  prompts: 'prompts/list',
};

type Page = JsonObject & { nextCursor?: string };

/** The items of a list; the next page is read when the items of the one before were taken. */
export async function* itemsOf<Kind extends ListKind>(
  kind: Kind,
  read: (method: string, params: JsonObject, options: RequestOptions) => Promise<JsonObject>,
  { cursor, pages, ...options }: RequestOptions & PageOptions = {},
): AsyncGenerator<ItemOf<Kind>, void, undefined> {
  const method = METHODS[kind];
  const readPage = (params: JsonObject): Promise<Page> => read(method, params, options);
  for await (const page of pagesOf(method, readPage, { cursor, pages }))
    yield* page[kind] as unknown as ItemOf<Kind>[];
}
