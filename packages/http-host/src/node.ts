/** The Node side of an HTTP host: the direct face, and a port that several bindings share. */
export { nodeFace, type NodeHandler } from './node/face.ts';
export type { Attachment, ListenHttpOptions, Site } from './node/listen.ts';
export { portListener, type PortOptions } from './node/port-listener.ts';
export type { NodeInfo } from './node/node-call.ts';
export { runUntilSignal, type Closable } from './node/run.ts';
export { upgradeFace, type Upgrade, type UpgradeRequest } from './node/upgrade.ts';
export type { WebPage } from './node/web-page.ts';
