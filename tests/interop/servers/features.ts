/** What every server of these tests is called and offers, so that one case can be put to all of them. */
export const SERVER_INFO = { name: 'interop', version: '1.0.0' } as const;

export const TOOLS = [
  'echo',
  'add',
  'fail',
  'measure',
  'repeat',
  'describe',
  'show',
  'count',
  'go',
  'burst',
  'hang',
  'stopped',
  'ask',
  'ask-twice',
  'think',
  'roots',
  'talk',
  'grow',
  'touch',
] as const;

export const PROMPT = 'greet';
/** The prompt, filled in. */
export const greeting = (name: string): string => `Greet ${name} warmly.`;

export const PAGE_SIZE = 2;
export const NOTES: readonly { readonly name: string; readonly uri: string; readonly text: string }[] = [
  'one',
  'two',
  'three',
  'four',
  'five',
].map((name) => ({ name, uri: `note://${name}`, text: `The note ${name}.` }));

/** What `ask` puts to the user. */
export const QUESTION = 'What is your name?';
export const NAME_SCHEMA: {
  type: 'object';
  properties: { name: { type: 'string'; title: string } };
  required: string[];
} = {
  type: 'object',
  properties: { name: { type: 'string', title: 'Name' } },
  required: ['name'],
};

/** What `describe` says of itself. */
export const DESCRIBED: {
  readonly title: string;
  readonly description: string;
  readonly annotations: { readonly readOnlyHint: boolean; readonly openWorldHint: boolean };
} = {
  title: 'Describes itself',
  description: 'Does nothing; look at its description.',
  annotations: { readOnlyHint: true, openWorldHint: false },
};

/** What `show` returns: content of every kind. */
export const CONTENT: (
  | { type: 'text'; text: string; annotations: { audience: ('user' | 'assistant')[]; priority: number } }
  | { type: 'image' | 'audio'; data: string; mimeType: string }
  | { type: 'resource_link'; uri: string; name: string }
  | { type: 'resource'; resource: { uri: string; mimeType: string; text: string } }
)[] = [
  { type: 'text', text: 'look', annotations: { audience: ['user'], priority: 0.5 } },
  { type: 'image', data: 'iVBORw0KGgo=', mimeType: 'image/png' },
  { type: 'audio', data: 'UklGRg==', mimeType: 'audio/wav' },
  { type: 'resource_link', uri: 'note://one', name: 'one' },
  { type: 'resource', resource: { uri: 'note://two', mimeType: 'text/plain', text: 'The note two.' } },
];

/** What `talk` logs: one message below the level that the client asks for, one above. */
export const QUIET = { level: 'info', data: 'nothing to see' } as const;
export const LOUD = { level: 'error', data: { what: 'something broke' } } as const;

/** Calls that stay open until something else happens. */
export class Waiting {
  readonly #stopped: Promise<void>;
  readonly #going: Promise<void>;
  #stop!: () => void;
  #go!: () => void;

  constructor() {
    this.#stopped = new Promise((resolve) => {
      this.#stop = resolve;
    });
    this.#going = new Promise((resolve) => {
      this.#go = resolve;
    });
  }

  /** Lets `untilGo` go on. */
  go(): void {
    this.#go();
  }

  untilGo(): Promise<void> {
    return this.#going;
  }

  /** Stays until the call is aborted. */
  hang(signal: AbortSignal): Promise<never> {
    return new Promise((_resolve, reject) => {
      const stop = (): void => {
        this.#stop();
        reject(new Error('stopped'));
      };
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
  }

  /** Resolves once a call was aborted. */
  stopped(): Promise<void> {
    return this.#stopped;
  }
}
