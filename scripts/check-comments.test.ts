import { expect, test } from 'vitest';
import { checkComments } from './check-comments.ts';
import { tempTree } from './lib/temp-tree.ts';

function rulesBrokenBy(comment: string): readonly string[] {
  using tree = tempTree({
    'packages/session/src/caller.ts': `${comment}\nexport const text = 'SEP-1234 currently ====';\n`,
  });
  return checkComments(tree.folder).findings.map(({ rule }) => rule);
}

test.each([
  '/** Settles once; a late answer is dropped. */',
  '// The peer may send UTF-8 in RFC 8259 texts, hashed with SHA-256 (RFC 9110 §5.1).',
  '// https://modelcontextprotocol.io/specification/2026-07-28/basic/transports#stdio',
  '// TODO(#12): a second reader.',
  '/** @param timeout How long to wait before the request counts as lost. */',
])('passes: %s', (comment) => {
  expect(rulesBrokenBy(comment)).toEqual([]);
});

test.each([
  ['cite-the-page', '// As SEP-2575 asks.'],
  ['cite-the-page', '// See TRUNK-12.'],
  ['cite-the-page', '// Fixes #12.'],
  ['cite-the-page', '// Design §4.'],
  ['no-history', '// Currently the only caller.'],
  ['no-history', '/**\n * The table was renamed from ledger.\n */'],
  ['no-history', '// Refactored for speed.'],
  ['no-filler', '// Simply forwards.'],
  ['no-licence-block', '// Copyright (c) 2026 Somebody'],
  ['no-licence-block', '/* SPDX-License-Identifier: MIT */'],
  ['no-banner', '// ---------- helpers ----------'],
  ['no-banner', '/* ===== */'],
  ['no-open-end', '// TODO: more.'],
  ['no-open-end', '// FIXME'],
  ['no-echo', '/** @param requestId The request id. */'],
])('%s rejects: %s', (rule, comment) => {
  expect(rulesBrokenBy(comment)).toEqual([rule]);
});

test('a finding names the line inside a block comment', () => {
  using tree = tempTree({ 'apps/tour/main.ts': '/**\n * Fine.\n * Obviously.\n */\nexport {};\n' });
  expect(checkComments(tree.folder)).toMatchObject({
    comments: 1,
    findings: [{ file: 'apps/tour/main.ts', line: 3 }],
  });
});
