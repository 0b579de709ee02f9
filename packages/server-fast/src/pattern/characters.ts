/** Characters of many kinds, so that classes such as `\w` and `\p{L}` are told apart. */
const SAMPLES = [
  ...Array.from({ length: 128 }, (_, code) => String.fromCodePoint(code)),
  ...Array.from('\u00a0½éßΩя中\u0301\u2028😀'),
];

const ESCAPED_CODE = /\\(?:u\{([\da-f]+)\}|u([\da-f]{4})|x([\da-f]{2}))/gi;

/**
 * Tells of any two positions whether some character suits both. Judged by sample characters: those that the atoms name, their neighbours,
 * and some of every kind.
 */
export function overlapping(
  atoms: readonly string[],
  flags: string,
): (left: number, right: number) => boolean {
  const distinct = [...new Set(atoms)];
  const samples = samplesFor(distinct.join(''));
  const read = distinct.map((atom) => matched(atom, flags, samples));
  const overlaps = read.map((one) => read.map((other) => [...one].some((character) => other.has(character))));
  const kinds = atoms.map((atom) => distinct.indexOf(atom));
  return (left, right) => overlaps[kinds[left] ?? 0]?.[kinds[right] ?? 0] ?? false;
}

function matched(atom: string, flags: string, samples: readonly string[]): ReadonlySet<string> {
  const pattern = new RegExp(`^(?:${atom})$`, flags);
  return new Set(samples.filter((character) => pattern.test(character)));
}

function samplesFor(source: string): readonly string[] {
  const named = Array.from(source).map((character) => character.codePointAt(0) ?? 0);
  const escaped = [...source.matchAll(ESCAPED_CODE)].map(([, ...digits]) =>
    Number.parseInt(digits.join(''), 16),
  );
  const codes = [...named, ...escaped].flatMap((code) => [code - 1, code, code + 1]);
  const valid = codes.filter((code) => code >= 0 && code <= 0x10ffff);
  return [...new Set([...SAMPLES, ...valid.map((code) => String.fromCodePoint(code))])];
}
