/** Characters that one call of `fromCharCode` takes without filling the stack. */
const CHUNK = 0x8000;

/** Bytes as Base64, on every runtime. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let start = 0; start < bytes.length; start += CHUNK)
    binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  return btoa(binary);
}
