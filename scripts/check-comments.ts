import { report, syntaxFinding } from './lib/report.ts';
import type { Finding } from './lib/report.ts';
import { findSources, readSource } from './lib/source.ts';
import type { Comment } from './lib/source.ts';
import { root } from './lib/workspace.ts';

interface Rule {
  readonly name: string;
  readonly pattern: RegExp;
  readonly advice: string;
}

const rules: readonly Rule[] = [
  {
    name: 'cite-the-page',
    pattern:
      /\bSEP[-\s#]?\d+|\b(?!UTF|SHA|RFC|ISO|AES|CVE|IEEE|HMAC|ES)[A-Z]{2,}-\d+\b|(?<!TODO\()(?<!\w)#\d+|(?<!RFC \d{3,5},? )§\s?[A-Z\d]/,
    advice: 'cite the address of the specification page, not a proposal, a ticket or a plan',
  },
  {
    name: 'no-history',
    pattern: new RegExp(
      [
        'currently|formerly|historically|for now|at the moment|as of now|back then|in the past|used to be',
        '(?:was|were|been) (?:renamed|moved|changed|rewritten)|renamed from|moved from|we (?:have )?decided|refactor\\w*',
        '(?:old|new|previous) (?:implementation|code|version of this)',
      ].join('|'),
      'i',
    ),
    advice: 'say what is; how it came to be is an ADR, linked by number',
  },
  {
    name: 'no-filler',
    pattern: /\b(?:simply|obviously|basically|of course|trivially|needless to say)\b/i,
    advice: 'leave the word out',
  },
  {
    name: 'no-licence-block',
    pattern: /\bcopyright\b.*\d{4}|SPDX-License|@licen[sc]e\b/i,
    advice: 'the licence is the file LICENSE',
  },
  {
    name: 'no-banner',
    pattern: /([-=*#/~+_])\1{3,}/,
    advice: 'leave the line out; a part that needs a title is a file',
  },
  {
    name: 'no-open-end',
    pattern: /\b(?:TODO(?!\(#\d+\))|FIXME|XXX|HACK)\b/,
    advice: 'an unfinished thing is TODO(#123), or it does not exist',
  },
];

/** Checks every comment of the TypeScript files below `base` against the comment rules of CONTRIBUTING.md. */
export function checkComments(base: string): { comments: number; findings: readonly Finding[] } {
  const findings: Finding[] = [];
  let count = 0;
  for (const file of findSources(base, [
    'packages/*/src/**/*.ts',
    'apps/**/*.ts',
    'tests/**/*.ts',
    'scripts/**/*.ts',
  ])) {
    const source = readSource(base, file);
    findings.push(...syntaxFinding(source));
    for (const comment of source.comments) {
      count += 1;
      for (const finding of judge(comment)) findings.push({ file, ...finding });
    }
  }
  return { comments: count, findings };
}

function* judge(comment: Comment): Iterable<Omit<Finding, 'file'>> {
  for (const [index, raw] of comment.text.split('\n').entries()) {
    const line = comment.line + index;
    // The marker of a block comment's line is no part of what it says, and neither is what an address contains.
    const text = raw.replace(/^\s*\*+\s?/, '').replaceAll(/https?:\S+/g, '');
    for (const { name, pattern, advice } of rules) {
      const match = pattern.exec(text);
      if (match) yield { line, rule: name, message: `"${match[0].trim()}": ${advice}` };
    }
    if (repeatsName(text))
      yield { line, rule: 'no-echo', message: `"${text.trim()}" says no more than the name` };
  }
}

function repeatsName(text: string): boolean {
  const match = /@param\s+(?:\{[^}]*\}\s*)?([\w$]+)\s*-?\s*(.*)/.exec(text);
  if (!match) return false;
  const [name = '', description = ''] = match.slice(1);
  const filler = new Set(['the', 'a', 'an', 'of', 'to', 'for', 'value']);
  const words = description.toLowerCase().match(/[a-z]+/g) ?? [];
  const nameWords = new Set(
    name
      .replaceAll(/([A-Z])/g, ' $1')
      .toLowerCase()
      .split(/[\s_$]+/),
  );
  return words.every((word) => filler.has(word) || nameWords.has(word));
}

if (import.meta.main) {
  const { comments, findings } = checkComments(root);
  report('comments', `${comments} comments`, findings);
}
