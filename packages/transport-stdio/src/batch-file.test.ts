import { describe, expect, test } from 'vitest';
import { batchCommandLine } from './batch-file.ts';

const line = (...args: string[]): string => batchCommandLine('C:\\a b\\npx.cmd', args);
const wrap = (words: string): string => `/e:ON /v:OFF /d /s /c ""C:\\a b\\npx.cmd" ${words}"`;

describe('batchCommandLine', () => {
  test.each([
    ['a plain word', '-y', '"-y"'],
    ['nothing', '', '""'],
    ['operators', 'a&b|c<d>e^f', '"a&b|c<d>e^f"'],
    ['a quote', 'say "hi"', '"say ""hi"""'],
    ['a variable', '%PATH%', '"%%cd:~,%PATH%%cd:~,%"'],
    ['delayed expansion', '!x!', '"!x!"'],
    ['a backslash at the end', 'C:\\', '"C:\\\\"'],
    ['backslashes before a quote', '\\\\"', '"\\\\\\\\"""'],
    ['backslashes elsewhere', 'C:\\a\\b', '"C:\\a\\b"'],
  ])('passes on %s', (_, argument, expected) => {
    expect(line(argument)).toBe(wrap(expected));
  });

  test.each(['a\nb', 'a\rb', '\r\n'])('refuses line breaks: %j', (argument) => {
    expect(() => line(argument)).toThrow(expect.objectContaining({ code: 'spawn-failed' }));
  });
});
