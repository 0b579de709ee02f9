import { isRequest, type JsonRpcErrorResponse, type JsonRpcMessage } from '@trunkline/protocol';
import type { Batch, EncodedResponse, Exchange } from '../transport.ts';
import { encodeMessage } from './encode.ts';

/** A message and the way back. */
export interface Delivery {
  readonly message: JsonRpcMessage;
  readonly exchange: Exchange;
}

/**
 * The messages of a batch, each with an exchange of its own. The answers of its requests leave together, as one array, once each request
 * is answered or ended; everything else leaves on `link` at once. `write` sends a frame.
 */
export function openBatch(
  messages: readonly JsonRpcMessage[],
  link: Exchange,
  write: (frame: string) => Promise<void>,
): Delivery[] {
  const batch = new AnsweredBatch(messages, write);
  return messages.map((message) => ({
    message,
    exchange: new BatchExchange(link, batch, isRequest(message)),
  }));
}

class AnsweredBatch implements Batch {
  readonly messages: readonly JsonRpcMessage[];
  refused = false;
  readonly #write: (frame: string) => Promise<void>;
  readonly #answers: string[] = [];
  #unanswered: number;

  constructor(messages: readonly JsonRpcMessage[], write: (frame: string) => Promise<void>) {
    this.messages = messages;
    this.#write = write;
    this.#unanswered = messages.filter(isRequest).length;
  }

  refuse(answer: JsonRpcErrorResponse): void {
    if (this.refused) return;
    this.refused = true;
    this.#write(encodeMessage(answer)).catch(nobodyWaits);
  }

  answer(text: string): Promise<void> {
    this.#answers.push(text);
    return this.settle();
  }

  async settle(): Promise<void> {
    this.#unanswered--;
    if (this.#unanswered === 0 && this.#answers.length > 0) await this.#write(`[${this.#answers.join(',')}]`);
  }
}

class BatchExchange implements Exchange {
  readonly signal: AbortSignal;
  readonly origin: Exchange['origin'];
  readonly scope: object;
  readonly batch: AnsweredBatch;
  readonly #link: Exchange;
  #owesAnswer: boolean;

  constructor(link: Exchange, batch: AnsweredBatch, owesAnswer: boolean) {
    this.signal = link.signal;
    this.origin = link.origin;
    this.scope = link.scope;
    this.batch = batch;
    this.#link = link;
    this.#owesAnswer = owesAnswer;
  }

  async send(message: JsonRpcMessage | EncodedResponse): Promise<void> {
    if (this.batch.refused) return;
    if ('method' in message) return this.#link.send(message);
    const text = encodeMessage(message);
    if (!this.#owesAnswer) return;
    this.#owesAnswer = false;
    await this.batch.answer(text);
  }

  end(): void {
    if (!this.#owesAnswer) return;
    this.#owesAnswer = false;
    this.batch.settle().catch(nobodyWaits);
  }
}

/** A write that fails here fails because the link is gone, which `closed` tells. */
function nobodyWaits(): void {}
