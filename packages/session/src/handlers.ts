import { findMethod, invalidParams, revisionsOf, type Era } from '@trunkline/protocol';
import type { Handler } from './context.ts';
import type { ServedRequest, ServerEra } from './era/server-era.ts';
import { paramCheckOf } from './param-defect.ts';

/** Wraps every handler of a server: sees the request first and the result last. */
export type Layer = (next: Handler) => Handler;

/** What is run for a method. */
export interface Served {
  readonly bounded: boolean;
  readonly cancellable: boolean;
  readonly handle: Handler;
}

/** The handlers of a server by method, wrapped in its layers once and not per request. */
export class Handlers {
  readonly #own = new Map<string, Handler>();
  readonly #layers: Layer[] = [];
  readonly #wrapped = new Map<ServerEra, Map<string, Served>>();

  /** The methods that the server's author answers. */
  get methods(): IterableIterator<string> {
    return this.#own.keys();
  }

  set(method: string, handler: Handler): void {
    this.#own.set(method, handler);
    this.#wrapped.clear();
  }

  delete(method: string): boolean {
    this.#wrapped.clear();
    return this.#own.delete(method);
  }

  /** Adds a layer inside those added before. */
  use(layer: Layer): void {
    this.#layers.push(layer);
    this.#wrapped.clear();
  }

  /** What answers a method in an era; the author's own handler goes before the era's. */
  find(method: string, era: ServerEra): Served | undefined {
    return this.#wrapped.get(era)?.get(method) ?? this.#wrap(method, era);
  }

  #wrap(method: string, era: ServerEra): Served | undefined {
    const own = this.#own.get(method);
    const inborn = era.methods.get(method);
    if ((!own && !inborn) || isForeign(method, era.name)) return undefined;
    const inner: Handler = own
      ? checked(method, (params, context) => era.serve(own, params, context as ServedRequest))
      : (params, context) => inborn?.handle(params, context as ServedRequest);
    const handle = this.#layers.reduceRight((next, layer) => layer(next), inner);
    const served = {
      bounded: own !== undefined || inborn?.bounded === true,
      cancellable: inborn?.cancellable ?? true,
      handle,
    };
    const methods = this.#wrapped.get(era) ?? new Map<string, Served>();
    this.#wrapped.set(era, methods.set(method, served));
    return served;
  }
}

/** A handler reads the params of its method without looking, so they are looked at before. */
function checked(method: string, handler: Handler): Handler {
  const check = paramCheckOf(method);
  if (!check) return handler;
  return (params, context) => {
    const defect = check(params);
    if (defect) throw invalidParams(`${method}: ${defect}`);
    return handler(params, context);
  };
}

/** Whether the protocol has this method, but not in this era. What it does not know at all belongs to extensions. */
function isForeign(method: string, era: Era): boolean {
  const knownIn = (candidate: Era): boolean =>
    revisionsOf(candidate).some((date) => findMethod(date, 'client-request', method));
  return !knownIn(era) && knownIn(era === 'modern' ? 'legacy' : 'modern');
}
