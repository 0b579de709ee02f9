/** What one look at JSON text tells before it is parsed. */
export interface JsonSurvey {
  /** The limit that the text exceeds; the look ended there. */
  excess: 'depth' | 'elements' | undefined;
  /** Whether a message has a member twice, which parsers disagree about. */
  repeatsMember: boolean;
  /** Whether an `id` is a number that may lose digits when it is parsed. */
  roundsId: boolean;
  /** Where the value of the only `id` begins, its colon included; -1 when there is none or more than one. */
  idAt: number;
  /** Whether the message names a method. */
  hasMethod: boolean;
  /** Whether the message has a result or an error. */
  hasOutcome: boolean;
}

/**
 * Looks at JSON text once, in linear time, without parsing it. Never throws; on text that is no JSON the findings mean
 * nothing. The members of a message are those of the top-level object, or of each object in a top-level array.
 */
export function guardJson(text: string, maxDepth: number, maxElements: number): JsonSurvey {
  const survey: JsonSurvey = {
    excess: undefined,
    repeatsMember: false,
    roundsId: false,
    idAt: -1,
    hasMethod: false,
    hasOutcome: false,
  };
  const messageDepth = text.charCodeAt(skipBlanks(text, 0)) === OPEN_BRACKET ? 2 : 1;
  let depth = 0;
  let elements = 0;
  let names: MemberNames | undefined;
  let nameNext = false;

  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) {
      const end = endOfString(text, at);
      if (end === -1) return survey;
      if (nameNext && names) noteMember(survey, names, text, at, end);
      nameNext = false;
      at = end;
    } else if (unit === COMMA) {
      if (++elements > maxElements) return exceeded(survey, 'elements');
      nameNext = depth === messageDepth;
    } else if (unit === OPEN_BRACE || unit === OPEN_BRACKET) {
      if (++depth > maxDepth) return exceeded(survey, 'depth');
      if (!closesAt(text, at + 1) && ++elements > maxElements) return exceeded(survey, 'elements');
      if (depth === messageDepth) {
        names = unit === OPEN_BRACE ? { few: [] } : undefined;
        nameNext = true;
      }
    } else if (unit === CLOSE_BRACE || unit === CLOSE_BRACKET) {
      depth--;
    }
  }
  return survey;
}

/** Says in words what a look at the text found wrong with the members of a message that parsing would hide. */
export function surveyDefect(survey: JsonSurvey): string | undefined {
  if (survey.repeatsMember) return 'a member occurs twice';
  return survey.roundsId ? 'id is not a safe integer' : undefined;
}

/** The index of the quote that ends the string begun at `start`, or -1. */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((end - before) % 2 === 1) return end;
  }
  return -1;
}

/** The index of the first character from `from` on that is no blank: JSON allows no other control characters there. */
export function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) <= SPACE) at++;
  return at;
}

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Longest number text in which every digit survives whatever its notation: 15 digits, a sign or a point. */
const EXACT_LENGTH = 16;

/** The member names met so far: an array for the usual few, a set beside it for many. */
interface MemberNames {
  readonly few: string[];
  many?: Set<string>;
}

function exceeded(survey: JsonSurvey, excess: 'depth' | 'elements'): JsonSurvey {
  survey.excess = excess;
  return survey;
}

function closesAt(text: string, from: number): boolean {
  const unit = text.charCodeAt(skipBlanks(text, from));
  return unit === CLOSE_BRACE || unit === CLOSE_BRACKET;
}

function noteMember(survey: JsonSurvey, names: MemberNames, text: string, start: number, end: number): void {
  const name = memberName(text, start, end);
  const repeated = !addName(names, name);
  if (repeated) survey.repeatsMember = true;
  if (name === 'id') {
    survey.idAt = repeated ? -1 : end + 1;
    if (losesDigits(text, end + 1)) survey.roundsId = true;
  } else if (name === 'method') survey.hasMethod = true;
  else if (name === 'result' || name === 'error') survey.hasOutcome = true;
}

/** Names compare after their escapes are resolved, as `JSON.parse` does. */
function memberName(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end);
  if (!raw.includes('\\')) return raw;
  try {
    return JSON.parse(text.slice(start, end + 1)) as string;
  } catch {
    return raw;
  }
}

function addName(names: MemberNames, name: string): boolean {
  if (names.many) return names.many.size < names.many.add(name).size;
  if (names.few.includes(name)) return false;
  names.few.push(name);
  if (names.few.length > 8) names.many = new Set(names.few);
  return true;
}

/** Plain digits are exact or not safe; a point or an exponent can hide digits that parsing drops. */
function losesDigits(text: string, colon: number): boolean {
  const start = skipBlanks(text, skipBlanks(text, colon) + 1);
  let plain = true;
  let at = start;
  for (; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x30 && unit <= 0x39) continue;
    if (unit === 0x2e || unit === 0x65 || unit === 0x45) plain = false;
    else if (unit !== 0x2b && unit !== 0x2d) break;
  }
  return !plain && at - start > EXACT_LENGTH;
}
