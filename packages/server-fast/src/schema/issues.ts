import type { StandardSchemaV1 } from '@standard-schema/spec';

/** What is wrong with a value, and where in it. */
export type Issue = StandardSchemaV1.Issue;

const MAX_ISSUES = 10;
const MAX_MESSAGE = 300;

/** The issues in words, one a line, each after the path it is about. Bounded, because it may quote what a stranger sent. */
export function issueText(issues: readonly Issue[]): string {
  const lines = issues.slice(0, MAX_ISSUES).map(({ path, message }) => {
    const place = pathText(path);
    return clip(place ? `${place}: ${message}` : message);
  });
  const rest = issues.length - lines.length;
  return [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].map((line) => `- ${line}`).join('\n');
}

/** A text with whatever is too long for a message left out. */
export function clip(text: string): string {
  return text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text;
}

function pathText(path: Issue['path']): string {
  return (path ?? [])
    .map((segment) => (typeof segment === 'object' ? segment.key : segment))
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${String(key)}`))
    .join('');
}
