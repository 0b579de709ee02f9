import {
  resourceNotFound,
  type ListResourcesResult,
  type ListResourceTemplatesResult,
  type ReadResourceResult,
} from '@trunkline/protocol';
import type { Server } from '@trunkline/session';
import { PNG } from './media.ts';

const TEMPLATE = /^test:\/\/template\/([^/]+)\/data$/;

/** Adds the fixture's resources. */
export function addResources(server: Server): void {
  server.handle('resources/list', (): ListResourcesResult => ({
    resources: [
      { uri: 'test://static-text', name: 'Static text', mimeType: 'text/plain' },
      { uri: 'test://static-binary', name: 'Static binary', mimeType: 'image/png' },
      { uri: 'test://watched-resource', name: 'Watched', mimeType: 'text/plain' },
    ],
  }));
  server.handle('resources/templates/list', (): ListResourceTemplatesResult => ({
    resourceTemplates: [
      { uriTemplate: 'test://template/{id}/data', name: 'Template', mimeType: 'application/json' },
    ],
  }));
  server.handle('resources/read', ({ uri }): ReadResourceResult => ({ contents: [contentsOf(uri)] }));
}

function contentsOf(uri: string): ReadResourceResult['contents'][number] {
  if (uri === 'test://static-text')
    return { uri, mimeType: 'text/plain', text: 'This is the content of the static text resource.' };
  if (uri === 'test://static-binary') return { uri, mimeType: 'image/png', blob: PNG };
  if (uri === 'test://watched-resource')
    return { uri, mimeType: 'text/plain', text: 'Watched resource content' };
  const id = TEMPLATE.exec(uri)?.[1];
  if (id === undefined) throw resourceNotFound(uri);
  return {
    uri,
    mimeType: 'application/json',
    text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
  };
}
