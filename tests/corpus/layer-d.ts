import type { Entry, Surface } from './entry.ts';
import { UNPARSABLE } from './wording.ts';

const SERVER: readonly Surface[] = ['stdio'];
const CLIENT: readonly Surface[] = ['stdio-client'];

/** Lines and processes. */
export const layerD: readonly Entry[] = [
  {
    id: 'D001',
    about: 'a request in single bytes',
    on: SERVER,
    input: { scenario: 'a request, one byte at a time' },
    expect: { note: 'it is answered once' },
  },
  {
    id: 'D002',
    about: 'a character cut in pieces',
    on: SERVER,
    input: { scenario: 'a character of four bytes, cut after its first, second and third byte' },
    expect: { note: 'the text is whole' },
  },
  {
    id: 'D003',
    about: 'a thousand requests at once',
    on: SERVER,
    input: { scenario: '1,000 requests in one write' },
    expect: { bounds: { busyMs: 50 }, note: 'each is answered once' },
  },
  {
    id: 'D007',
    about: 'a line that ends with CRLF',
    on: SERVER,
    input: { scenario: 'a request that ends with CRLF' },
    expect: { note: 'it is answered' },
  },
  {
    id: 'D008',
    about: 'a lone CR for a line end',
    on: SERVER,
    input: { scenario: 'a request that ends with CR, and LF much later' },
    expect: { note: 'it is answered when the LF has come; until then nothing happens' },
  },
  {
    id: 'D009',
    about: 'a newline within a message',
    on: SERVER,
    input: { text: '{"jsonrpc":"2.0","id":1,\n"method":"ping"}\n' },
    expect: { reply: UNPARSABLE, note: 'twice: two lines, each of them broken' },
  },
  {
    id: 'D010',
    about: 'a length before the message',
    on: SERVER,
    input: { text: 'Content-Length: 41\r\n\r\n{"jsonrpc":"2.0","id":1,"method":"ping"}\n' },
    expect: { note: 'the first line is no JSON, the empty one nothing, and the third is answered' },
  },
  {
    id: 'D011',
    about: 'a server that prints',
    on: CLIENT,
    input: { scenario: 'a banner, colours and console.log on stdout, before and between messages' },
    expect: { reports: 'malformed', note: 'calls are answered all the same; the reports are few' },
  },
  {
    id: 'D014',
    about: 'a program that cannot be started',
    on: CLIENT,
    input: { scenario: 'a command that does not exist, is a folder, may not be executed' },
    expect: { rejects: { family: 'TransportError', code: 'spawn-failed' } },
  },
  {
    id: 'D015',
    about: 'a server that floods stderr',
    on: CLIENT,
    input: { scenario: '8 MiB on stderr, to which nobody listens, before anything is answered' },
    expect: { note: 'calls are answered, and little of it is kept' },
  },
  {
    id: 'D017',
    about: 'a client that is gone while the server writes',
    on: SERVER,
    input: { scenario: 'the reading end of stdout is closed while answers are written' },
    expect: { closes: true, note: 'the process ends by itself with 0' },
  },
  {
    id: 'D018',
    about: 'an environment that is none',
    on: CLIENT,
    input: { scenario: 'a NUL in a variable, an equals sign in its name, undefined for its value' },
    expect: {
      rejects: { family: 'TransportError', code: 'spawn-failed' },
      note: 'before anything is started',
    },
  },
];
