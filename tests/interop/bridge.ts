import { isRequest, isResponse, type JsonRpcMessage, type RequestId } from '@trunkline/protocol';
import type { Exchange, Transport } from '@trunkline/transport';

/** What the official SDK asks of a transport, in both majors. */
export interface OfficialTransport<Message> {
  start(): Promise<void>;
  send(message: Message): Promise<void>;
  close(): Promise<void>;
  onmessage?: ((message: Message) => void) | undefined;
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
}

/** One end of a Trunkline link as a transport of the official SDK, so that a peer made with that runs over the link. */
export function officialEnd<Message extends object>(end: Transport): OfficialTransport<Message> {
  const exchanges = new Map<RequestId, Exchange>();
  const official: OfficialTransport<Message> = {
    async start() {
      void end.closed.then(() => official.onclose?.());
      await end.start({
        message(message, exchange) {
          if (isRequest(message)) exchanges.set(message.id, exchange);
          official.onmessage?.(message as object as Message);
        },
        fault: (error) => official.onerror?.(error),
      });
    },
    send(message) {
      const sent = message as object as JsonRpcMessage;
      if (!isResponse(sent)) return end.send(sent);
      const exchange = exchanges.get(sent.id ?? '');
      if (!exchange) return Promise.reject(new Error(`nobody asked for the answer ${JSON.stringify(sent)}`));
      exchanges.delete(sent.id as RequestId);
      return exchange.send(sent);
    },
    close: () => end.close(),
  };
  return official;
}
