import { changesOf } from './changes.ts';
import type { LinkKeeper } from './link-keeper.ts';
import { onAbort } from './on-abort.ts';
import { createListening, type Listening, type ListeningSource, type ListenOptions } from './listening.ts';

/** Failures one after the other that a subscription survives. */
const MAX_FAILURES = 10;

/** Follows changes over the open link; where lost links are opened anew, over those that follow it too. */
export async function listenOver(keeper: LinkKeeper, options: ListenOptions): Promise<Listening> {
  const { filter, signal } = options;
  const link = await keeper.current(signal);
  if (!keeper.persists) return link.era.listen(link, options);
  const stop = new AbortController();
  const until = stop.signal;
  const forget = [keeper.closing, ...(signal ? [signal] : [])].map((one) =>
    onAbort(one, () => stop.abort(one.reason)),
  );
  try {
    const first = await link.era.listen(link, { filter, signal: until });
    const source = createListening(first.filter, () => stop.abort());
    void relisten(keeper, first, source, until);
    void source.listening.ended.then(() => forget.forEach((forgetOne) => forgetOne()));
    return source.listening;
  } catch (error) {
    for (const forgetOne of forget) forgetOne();
    throw error;
  }
}

async function relisten(
  keeper: LinkKeeper,
  first: Listening,
  source: ListeningSource,
  until: AbortSignal,
): Promise<void> {
  let failures = 0;
  let listening: Listening | undefined = first;
  try {
    while (!until.aborted) {
      if (listening && (await drain(listening, source)) > 0) failures = 0;
      await keeper.pause(failures, until);
      failures += 1;
      listening = await renew(keeper, first, until, failures);
      for (const change of changesOf(listening?.filter ?? {})) source.push(change);
    }
    source.end();
  } catch (error) {
    source.end(until.aborted ? undefined : (error as Error));
  }
}

/** Passes on what is heard until it ends, for whatever reason; tells how much it was. */
async function drain(listening: Listening, source: ListeningSource): Promise<number> {
  let heard = 0;
  try {
    for await (const change of listening) {
      heard += 1;
      source.push(change);
    }
  } catch {
    // Why it broke is no concern: it is renewed, or renewing says what is wrong.
  }
  return heard;
}

async function renew(
  keeper: LinkKeeper,
  { filter }: Listening,
  until: AbortSignal,
  failures: number,
): Promise<Listening | undefined> {
  const link = await keeper.persistently(until);
  try {
    return await link.era.listen(link, { filter, signal: until });
  } catch (error) {
    if (failures >= MAX_FAILURES || until.aborted) throw error;
    return undefined;
  }
}
