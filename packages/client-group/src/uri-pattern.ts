/** Longest URI that is compared with patterns. */
const MAX_URI = 8 * 1024;

/** Expressions of one pattern beyond which it matches nothing. */
const MAX_EXPRESSIONS = 16;

/**
 * Tells whether a URI may come from a URI template. Literal parts must be there in order; between them anything may stand,
 * but an expression without operator takes no slash. In doubt it says yes: the server has the last word.
 */
export function matches(template: string, uri: string): boolean {
  const parts = template.split(/\{([^{}]*)\}/);
  if (uri.length > MAX_URI || parts.length > 2 * MAX_EXPRESSIONS + 1) return false;
  const [head = ''] = parts;
  if (!uri.startsWith(head)) return false;
  if (parts.length === 1) return uri.length === head.length;
  const tail = parts.at(-1) as string;
  if (uri.length < head.length + tail.length || !uri.endsWith(tail)) return false;
  const end = uri.length - tail.length;
  let position = head.length;
  for (let index = 1; index < parts.length; index += 2) {
    const last = index === parts.length - 2;
    const next = parts[index + 1] as string;
    const until = last ? end : next === '' ? position : uri.indexOf(next, position);
    if (until < 0 || until > end) return false;
    const plain = /^[A-Za-z0-9_]/.test(parts[index] as string);
    if (plain && uri.slice(position, until).includes('/')) return false;
    position = until + (last ? 0 : next.length);
  }
  return true;
}

/** How much of a template stands firm: the more, the more specific it is. */
export function literalLength(template: string): number {
  return template.replaceAll(/\{[^{}]*\}/g, '').length;
}
