import { describe, expect, test } from 'vitest';
import { audio, embedded, file, image, resourceLink } from './content-helpers.ts';
import { mediaTypeOf } from './media-type.ts';
import { createServer } from './server.ts';
import { connect } from './testing.ts';

const info = { name: 'test', version: '1.0.0' };
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const PNG = bytesOf('\x89PNG\r\n\x1A\n....');
const WAV = bytesOf('RIFF\0\0\0\0WAVE....');

test.each([
  ['image/png', '\x89PNG\r\n\x1A\n'],
  ['image/jpeg', '\xFF\xD8\xFF\xE0'],
  ['image/gif', 'GIF89a'],
  ['image/webp', 'RIFF....WEBPVP8 '],
  ['image/avif', '\0\0\0\x20ftypavif'],
  ['image/svg+xml', '<?xml version="1.0"?>\n<svg xmlns="">'],
  ['audio/wav', 'RIFF....WAVEfmt '],
  ['audio/ogg', 'OggS\0'],
  ['audio/flac', 'fLaC\0'],
  ['audio/mpeg', 'ID3\x04'],
  ['audio/mpeg', '\xFF\xFB\x90'],
  ['audio/aac', '\xFF\xF1\x50'],
  ['audio/mp4', '\0\0\0\x20ftypM4A '],
  ['application/pdf', '%PDF-1.7'],
  [undefined, 'hello'],
  [undefined, ''],
  [undefined, 'RIFF'],
])('%s is known by its first bytes', (type, content) => {
  expect(mediaTypeOf(bytesOf(content))).toBe(type);
});

test('pictures and sound say what they are, and what they are not', () => {
  expect(image(PNG)).toEqual({
    type: 'image',
    mimeType: 'image/png',
    data: Buffer.from(PNG).toString('base64'),
  });
  expect(audio(WAV, { annotations: { priority: 1 } })).toMatchObject({
    type: 'audio',
    mimeType: 'audio/wav',
    annotations: { priority: 1 },
  });
  expect(image(bytesOf('??'), { mimeType: 'image/x-own' }).mimeType).toBe('image/x-own');
  expect(() => image(bytesOf('??'))).toThrow(/^bad-result: the bytes are of an unknown format, not image/);
  expect(() => audio(PNG)).toThrow(/^bad-result: the bytes are image\/png, not audio/);
});

test('a file is text where it can be', () => {
  expect(file('notes/a b.md', '# Hi').resource).toEqual({
    uri: 'file:///notes/a%20b.md',
    mimeType: 'text/plain',
    text: '# Hi',
  });
  expect(file('a.txt', new TextEncoder().encode('naïve')).resource).toMatchObject({ text: 'naïve' });
  expect(file('a.bin', bytesOf('\0\x01')).resource).toEqual({
    uri: 'file:///a.bin',
    mimeType: 'application/octet-stream',
    blob: 'AAE=',
  });
  expect(file('a', PNG, { uri: 'own://a' }).resource).toMatchObject({
    uri: 'own://a',
    mimeType: 'image/png',
  });
});

describe.each(['modern', 'legacy'] as const)('in a result, %s', (era) => {
  test('every helper makes content that reaches the client', async () => {
    const blocks = [
      image(PNG),
      audio(WAV),
      file('a.txt', 'x'),
      resourceLink('note://a', { name: 'a', mimeType: 'text/plain' }),
      embedded({ uri: 'note://a', text: 'x' }),
    ];
    const server = createServer(info)
      .tool('all', () => blocks)
      .tool('one', () => image(PNG))
      .prompt('show', () => image(PNG));
    await using client = await connect(server, { eras: [era] });
    expect((await client.callTool('all')).content).toEqual(blocks);
    expect((await client.callTool('one')).content).toEqual([image(PNG)]);
    expect((await client.getPrompt('show')).messages).toEqual([{ role: 'user', content: image(PNG) }]);
  });
});
