import { isExtensionId, type JsonObject } from '@trunkline/protocol';
import type { Handler, Layer, Server as Core } from '@trunkline/session';
import type { Middleware } from './call.ts';
import { CallContext, type Context, type Host } from './context.ts';
import { DefinitionError } from './definition-error.ts';

/** Answers one method of an extension. What it throws reaches the client only if it is a `RemoteError`. */
export type ExtensionHandler = (params: JsonObject, context: Context<unknown>) => unknown;

/**
 * Something that a server can do beyond the protocol. Clients that know it find it among the capabilities; what a client
 * declares of it is in `context.clientCapabilities.extensions`.
 */
export interface Extension<Server = never> {
  /** Its identifier, with a prefix: `com.example/thing`. */
  readonly id: string;
  /** What clients are told of it. */
  readonly settings?: JsonObject;
  /** Methods that it answers; none that the server answers already. */
  readonly methods?: Readonly<Record<string, ExtensionHandler>>;
  /** Notifications of clients that it hears. */
  readonly notifications?: Readonly<Record<string, (params: JsonObject) => void>>;
  /** Around every call of a tool, a resource or a prompt. */
  readonly middleware?: Middleware;
  /** Around every request. */
  readonly layer?: Layer;
  /** Adds what else it needs, such as tools and resources. */
  readonly install?: (server: Server) => void;
}

/** What an extension is added to. */
export interface Extensible extends Host {
  readonly extensions: Set<string>;
  readonly core: Core;
  use(middleware: Middleware): void;
}

/** Adds an extension. Throws a `DefinitionError` before anything is added if its identifier is none, or is there already. */
export function extendWith(extension: Extension, to: Extensible): void {
  const { id, settings = {}, methods = {}, notifications = {}, middleware, layer } = extension;
  if (!isExtensionId(id))
    throw new DefinitionError(
      'invalid-name',
      `an extension has an identifier like com.example/thing, not ${JSON.stringify(id)}`,
    );
  if (to.extensions.has(id)) throw new DefinitionError('name-taken', `there is an extension ${id} already`);
  to.extensions.add(id);
  to.core.declare({ extensions: { [id]: settings } });
  for (const [method, handler] of Object.entries(methods)) to.core.handle(method, answering(handler, to));
  for (const [method, listener] of Object.entries(notifications)) to.core.onNotification(method, listener);
  if (middleware) to.use(middleware);
  if (layer) to.core.use(layer);
}

function answering(handler: ExtensionHandler, host: Host): Handler {
  return (params, context) => handler(params, new CallContext(context, params, host));
}
