import { Hearing, type RawConnection } from './raw-connection.ts';

/** A session of HTTP+SSE in which a test may post anything. What is answered to a post at once is heard like the rest. */
export interface RawSse extends RawConnection {
  /** The status of each post, in order. */
  readonly statuses: readonly number[];
}

/** Opens a stream; posts go one after the other. */
export async function rawSse(url: string): Promise<RawSse> {
  const hearing = new Hearing();
  const statuses: number[] = [];
  const stop = new AbortController();
  const stream = await fetch(url, { signal: stop.signal });
  let announced = (_endpoint: string): void => {};
  const endpoint = new Promise<string>((resolve) => (announced = resolve));
  const ended = readLines(stream, (line, type) => {
    if (type === 'endpoint') announced(new URL(line, url).href);
    else hearing.take(line);
  }).catch(() => undefined);
  let posts: Promise<void> = Promise.resolve();
  const post = async (body: string | Uint8Array): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(await endpoint, { method: 'POST', headers, body: Buffer.from(body) });
    statuses.push(response.status);
    const text = await response.text();
    if (response.headers.get('content-type') === 'application/json') hearing.take(text);
  };
  await endpoint;
  return {
    heard: hearing.heard,
    next: (what, matches) => hearing.next(what, matches),
    ended,
    statuses,
    send: (frame) => void (posts = posts.then(() => post(frame))),
    async close() {
      await posts;
      stop.abort();
      await ended;
    },
  };
}

/** Reads the data of each event, and its type where it has one. */
async function readLines(response: Response, take: (data: string, type: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const fields = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const valueOf = (name: string): string | undefined =>
        fields.find((field) => field.startsWith(`${name}: `))?.slice(name.length + 2);
      const data = valueOf('data');
      if (data !== undefined) take(data, valueOf('event') ?? 'message');
    }
  }
}
