/** Whether a Content-Type is JSON. It is parsed, not searched; its charset is ignored, because JSON is UTF-8. */
export function isJsonType(contentType: string | undefined): boolean {
  if (contentType === 'application/json') return true;
  return contentType?.split(';', 1)[0]?.trim().toLowerCase() === 'application/json';
}

/** Whether an Accept field, which may be missing, takes every one of these media types. */
export function acceptsAll(accept: string | undefined, types: readonly string[]): boolean {
  if (accept === undefined || accept === '*/*') return true;
  const ranges = accept.split(',').map(readRange);
  return types.every((type) =>
    ranges.some(
      ({ range, refused }) => !refused && (range === type || range === '*/*' || range === familyOf(type)),
    ),
  );
}

function readRange(text: string): { range: string; refused: boolean } {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  return { range, refused: parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter)) };
}

function familyOf(type: string): string {
  return `${type.slice(0, type.indexOf('/'))}/*`;
}
