const PLAIN = /^[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?$/;
const SENTINEL = /^=\?base64\?(.*)\?=$/s;

/** Text as the value of a header field: as it is where that is safe, else in Base64 between marks. https://modelcontextprotocol.io/specification/2026-07-28/server/tools */
export function encodeFieldValue(text: string): string {
  if (PLAIN.test(text) && !SENTINEL.test(text)) return text;
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return `=?base64?${btoa(binary)}?=`;
}

/** The text that a field value stands for, or `undefined` if its marks hold no Base64 of UTF-8 text. */
export function decodeFieldValue(value: string): string | undefined {
  const encoded = SENTINEL.exec(value)?.[1];
  if (encoded === undefined) return value;
  try {
    const binary = atob(encoded);
    // One text has one form: what was written otherwise is not for us to guess.
    if (btoa(binary) !== encoded) return undefined;
    const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
