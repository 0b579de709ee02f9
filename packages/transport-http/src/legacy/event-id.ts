/** The place of an event in the streams of a session. */
export interface EventPlace {
  readonly stream: string;
  readonly cursor: number;
}

/** The id of an event. It names the stream, because a client that comes back says nothing else. */
export function encodeEventId({ stream, cursor }: EventPlace): string {
  return `${stream}-${cursor}`;
}

/** The place that an id names, or `undefined` if it is no id of ours. */
export function decodeEventId(id: string): EventPlace | undefined {
  const [, stream, cursor] = /^([a-z0-9]{1,40})-(\d{1,16})$/.exec(id) ?? [];
  return stream === undefined ? undefined : { stream, cursor: Number(cursor) };
}
