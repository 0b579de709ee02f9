import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import type { Program, VisitorObject } from 'oxc-parser';

/** One import or re-export of a file, however it is written. */
export interface Import {
  readonly specifier: string;
  /** Whether it says `import type`: anything else leaves an import at run time. */
  readonly typeOnly: boolean;
  readonly line: number;
}

/** A name or a text that a file contains. */
export interface Word {
  readonly text: string;
  readonly line: number;
}

/** A comment, without its markers. */
export interface Comment extends Word {
  readonly block: boolean;
}

/** What the checks want to know about a source file. */
export interface Source {
  /** From the root, with forward slashes. */
  readonly file: string;
  readonly imports: readonly Import[];
  readonly identifiers: readonly Word[];
  readonly strings: readonly Word[];
  readonly comments: readonly Comment[];
  /** The first mistake of a file that is not valid TypeScript; the rest is then what could be read. */
  readonly error: Word | undefined;
}

const skipped = ['**/node_modules/**', '**/dist/**'];

/** Lists the TypeScript files that match, from `base`, with forward slashes. */
export function findSources(base: string, patterns: readonly string[]): readonly string[] {
  const files = globSync([...patterns], { cwd: base, exclude: skipped });
  return files.map((file) => file.replaceAll('\\', '/')).toSorted();
}

/** Reads one file. */
export function readSource(base: string, file: string): Source {
  const text = readFileSync(join(base, file), 'utf8');
  const { program, comments, errors } = parseSync(file, text);
  const lineOf = lineFinder(text);
  const error = errors[0] && { text: errors[0].message, line: lineOf(errors[0].labels[0]?.start ?? 0) };
  return {
    file,
    ...collect(program, lineOf),
    error,
    comments: comments.map(({ type, value, start }) => ({
      text: value,
      line: lineOf(start),
      block: type === 'Block',
    })),
  };
}

function collect(
  program: Program,
  lineOf: (offset: number) => number,
): { imports: readonly Import[]; identifiers: readonly Word[]; strings: readonly Word[] } {
  const imports: Import[] = [];
  const identifiers: Word[] = [];
  const strings: Word[] = [];
  const name = (node: { name: string; start: number }): void => {
    identifiers.push({ text: node.name, line: lineOf(node.start) });
  };
  const importOf = (from: { value?: unknown; start: number } | null, typeOnly: boolean): void => {
    if (typeof from?.value === 'string')
      imports.push({ specifier: from.value, typeOnly, line: lineOf(from.start) });
  };
  const visitor: VisitorObject = {
    ImportDeclaration: (node) => importOf(node.source, node.importKind === 'type'),
    ExportNamedDeclaration: (node) => importOf(node.source, node.exportKind === 'type'),
    ExportAllDeclaration: (node) => importOf(node.source, node.exportKind === 'type'),
    ImportExpression: (node) => importOf(node.source, false),
    TSImportType: (node) => importOf(node.source, true),
    Identifier: name,
    PrivateIdentifier: name,
    Literal: (node) => {
      if (typeof node.value === 'string') strings.push({ text: node.value, line: lineOf(node.start) });
    },
    TemplateElement: (node) => {
      strings.push({ text: node.value.raw, line: lineOf(node.start) });
    },
  };
  new Visitor(visitor).visit(program);
  return { imports, identifiers, strings };
}

function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    const after = starts.findIndex((start) => start > offset);
    return after === -1 ? starts.length : after;
  };
}
