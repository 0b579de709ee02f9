import type { JsonObject } from '@trunkline/protocol';
import type { ClientOptions, Clock, Logger, RequestOptions } from '@trunkline/session';
import type { ComponentNameHook } from './components.ts';
import type { MemberStatus } from './member.ts';
import type { Dialers, RestartPolicy } from './parameters.ts';

/** How the session with one server is opened and kept. */
export interface SessionParameters extends ClientOptions {
  /** What the server is called in the group; by what it calls itself unless given. */
  readonly name?: string | undefined;
  /** Milliseconds without answer or progress after which a call fails. The same as `timeout`. */
  readonly readTimeout?: number | undefined;
  /** Opens the session when something of the server is first needed. */
  readonly lazy?: boolean | undefined;
  /** When a process that keeps ending is started again; `false` starts it again at once, every time. */
  readonly restart?: RestartPolicy | false | undefined;
}

/** Takes over a cleanup: a stack of the host's own, such as an `AsyncDisposableStack`. */
export interface CleanupStack {
  defer(cleanup: () => Promise<void>): void;
}

/** What a {@link ClientGroup} may be told. */
export interface GroupOptions {
  /** What dials servers that are given as parameters. */
  readonly dialers?: Dialers | undefined;
  /** For every session; the parameters of one session go before. */
  readonly session?: ClientOptions | undefined;
  /** Names every component; without it they keep their names, and those that collide are prefixed with their server. */
  readonly componentNameHook?: ComponentNameHook | undefined;
  /** Closes the group when it is unwound. */
  readonly stack?: CleanupStack | undefined;
  /** Throws if a schema cannot be used, such as by compiling it: the tool is then quarantined. */
  readonly checkSchema?: ((schema: JsonObject) => void) | undefined;
  /** Tells servers that they may ask, because `asServer` passes on what they ask to whoever called. */
  readonly relay?: boolean | undefined;
  /** Components of one kind that one server may have; the rest is quarantined. 10,000 unless given. */
  readonly maxComponents?: number | undefined;
  /** Servers that are connected at once by `connectToServers`. 16 unless given. */
  readonly concurrency?: number | undefined;
  readonly logger?: Logger | undefined;
  readonly clock?: Clock | undefined;
}

/** What has changed in a group: the tools, prompts or resources it offers, or one resource, by its name in the group. */
export type GroupChange =
  | { readonly kind: 'tools' | 'prompts' | 'resources' }
  | { readonly kind: 'resource'; readonly uri: string };

/** Hears what has become of a server, and why. */
export type GroupStatusListener = (server: string, status: MemberStatus, cause?: Error) => void;

/** How a call finds its server. */
export interface RouteOptions extends RequestOptions {
  /** The server to ask, whoever else has the same. */
  readonly server?: string | undefined;
}
