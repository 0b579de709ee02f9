import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CODES } from '../packages/protocol/src/revision/error-codes.ts';

/** Writes `docs/errors.md` from the unions of error codes and what their comments say of each code. */
const ROOT = join(import.meta.dirname, '..');
const UNION =
  /\/\*\*(?<comment>(?:(?!\*\/)[\s\S])*)\*\/\s*export type (?<family>\w+Error)Code =(?<codes>[^;]+);/g;

interface Family {
  readonly name: string;
  readonly codes: readonly { readonly code: string; readonly meaning: string }[];
}

/** The families of local errors, read from the sources. */
export function errorFamilies(): Family[] {
  const sources = globSync('packages/*/src/**/*-error.ts', { cwd: ROOT }).toSorted();
  return sources.flatMap((path) =>
    [...readFileSync(join(ROOT, path), 'utf8').matchAll(UNION)].map(({ groups }) => familyOf(groups ?? {})),
  );
}

function familyOf({ comment = '', family = '', codes = '' }: Record<string, string>): Family {
  const text = comment.replaceAll(/\s*\n\s*\*\s?/g, ' ');
  const meanings = new Map(
    [...text.matchAll(/`([\w-]+)` \(((?:[^()]|\([^()]*\))+)\)/g)].map(([, code, meaning]) => [code, meaning]),
  );
  const names = [...codes.matchAll(/'([\w-]+)'/g)].map(([, code]) => code ?? '');
  return { name: family, codes: names.map((code) => ({ code, meaning: meanings.get(code) ?? '' })) };
}

function page(): string {
  const local = errorFamilies().flatMap(({ name, codes }) => [
    `## ${name}`,
    '',
    ...codes.flatMap(({ code, meaning }) => [`### ${name} ${code}`, '', sentence(meaning || code), '']),
  ]);
  const remote = ERROR_CODES.map(
    ({ code, name, since, until, spec }) =>
      `| ${code} | ${name} | ${since}${until ? ` to ${until}` : ''} | ${spec ? `[specification](${spec})` : 'ours'} |`,
  );
  return `${[
    '# Errors',
    '',
    'Written by `npm run generate`; do not edit. What happened on this side has a word for its code, what the peer answered has a number.',
    'Branch on `code`, never on the text. `delivery` says whether the message may have arrived: `not-sent`, `unknown` or `answered`.',
    '',
    ...local,
    '## RemoteError',
    '',
    '| code | name | revisions | page |',
    '| --- | --- | --- | --- |',
    ...remote,
  ].join('\n')}\n`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

if (import.meta.main) writeFileSync(join(ROOT, 'docs/errors.md'), page());
