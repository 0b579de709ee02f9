/** Bytes at a place that tell a format. */
type Sign = readonly [at: number, bytes: string];

/** Formats by what their files begin with, in the order in which they are tried. */
const FORMATS: readonly (readonly [type: string, ...signs: Sign[]])[] = [
  ['image/png', [0, '\x89PNG\r\n\x1A\n']],
  ['image/jpeg', [0, '\xFF\xD8\xFF']],
  ['image/gif', [0, 'GIF87a']],
  ['image/gif', [0, 'GIF89a']],
  ['image/webp', [0, 'RIFF'], [8, 'WEBP']],
  ['image/avif', [4, 'ftypavif']],
  ['image/heic', [4, 'ftypheic']],
  ['image/bmp', [0, 'BM'], [6, '\0\0\0\0']],
  ['image/tiff', [0, 'II*\0']],
  ['image/tiff', [0, 'MM\0*']],
  ['image/x-icon', [0, '\0\0\x01\0']],
  ['audio/wav', [0, 'RIFF'], [8, 'WAVE']],
  ['audio/ogg', [0, 'OggS']],
  ['audio/flac', [0, 'fLaC']],
  ['audio/mpeg', [0, 'ID3']],
  ['audio/aac', [0, '\xFF\xF1']],
  ['audio/aac', [0, '\xFF\xF9']],
  ['audio/mpeg', [0, '\xFF\xFB']],
  ['audio/mpeg', [0, '\xFF\xF3']],
  ['audio/mpeg', [0, '\xFF\xF2']],
  ['audio/mp4', [4, 'ftypM4A']],
  ['audio/midi', [0, 'MThd']],
  ['video/mp4', [4, 'ftyp']],
  ['video/webm', [0, '\x1A\x45\xDF\xA3']],
  ['application/pdf', [0, '%PDF-']],
  ['application/zip', [0, 'PK\x03\x04']],
  ['application/gzip', [0, '\x1F\x8B']],
  ['application/wasm', [0, '\0asm']],
];

/** What a file holds, by its first bytes; `undefined` where they tell nothing. */
export function mediaTypeOf(bytes: Uint8Array): string | undefined {
  const known = FORMATS.find(([, ...signs]) => signs.every((sign) => shows(bytes, sign)));
  if (known) return known[0];
  const text = textOf(bytes.subarray(0, 1024));
  return text !== undefined && /^\s*(?:<\?xml[^>]*>\s*)?<svg[\s>]/.test(text) ? 'image/svg+xml' : undefined;
}

/** The text that bytes are, if they are UTF-8 without control characters; what was cut in its last character is text. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return bytes.some(isControl) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** What no text has: control codes but white space and the escape that colours text. */
function isControl(byte: number): boolean {
  return byte === 0x7f || (byte < 0x20 && byte !== 0x1b && (byte < 0x09 || byte > 0x0d));
}

function shows(bytes: Uint8Array, [at, sign]: Sign): boolean {
  return Array.from(sign).every((character, index) => bytes[at + index] === character.charCodeAt(0));
}
