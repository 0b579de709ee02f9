import { CallOrigin, type HttpCall } from '@trunkline/http-host';
import type { JsonRpcMessage } from '@trunkline/protocol';
import { clientLeft } from '../server/answers.ts';
import type { Core, Owed } from '../server/core.ts';
import { LaneExchange, PostLane, type LaneHome } from './post-lane.ts';
import { ReplyStream } from './reply-stream.ts';

/** Serves what came in one POST without a session: nothing outlives the call. */
export function serveStateless(
  core: Core,
  call: HttpCall,
  received: JsonRpcMessage | JsonRpcMessage[],
  revision: string | undefined,
  alwaysStreams: boolean,
): void {
  const home = new StatelessHome(core, alwaysStreams);
  const lane = new PostLane(home, call, received, new CallOrigin(call, revision));
  for (const message of Array.isArray(received) ? received : [received]) {
    core.acceptor.exchange(message, new LaneExchange(lane, message));
  }
  lane.delivered();
}

/** Stands in for a session, for the length of one call. */
class StatelessHome implements LaneHome {
  readonly core: Core;
  readonly alwaysStreams: boolean;
  readonly log = undefined;
  readonly primes = false;
  readonly scope: object = this;
  #abort: AbortController | undefined;

  constructor(core: Core, alwaysStreams: boolean) {
    this.core = core;
    this.alwaysStreams = alwaysStreams;
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    return this.#abort.signal;
  }

  createStream(): ReplyStream {
    return new ReplyStream('', this);
  }

  laneWaits(lane: Owed): void {
    this.core.owed.add(lane);
  }

  laneEnded(lane: Owed): void {
    this.core.owed.delete(lane);
  }

  /** Without a session the client has nowhere to come back to. */
  laneLost(): void {
    (this.#abort ??= new AbortController()).abort(clientLeft());
  }
}
