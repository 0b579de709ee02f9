import { TransportError } from '@trunkline/transport';
import type { WebSocket } from 'ws';

/** Milliseconds between two pings unless said otherwise. */
export const PING_INTERVAL = 30_000;

/** Pings that a peer may leave unanswered. */
const MAX_UNANSWERED = 2;

/**
 * Pings the peer at an interval and finds it dead when it was silent through two of them; the returned function stops
 * that. While reading is paused silence means nothing. Does not keep the process alive.
 */
export function heartbeat(
  socket: WebSocket,
  interval: number,
  dead: (error: TransportError) => void,
): () => void {
  if (interval === 0) return () => {};
  let unanswered = 0;
  const alive = (): void => {
    unanswered = 0;
  };
  const timer = setInterval(() => {
    if (socket.isPaused || socket.readyState !== socket.OPEN) return;
    if (unanswered === MAX_UNANSWERED) {
      return dead(new TransportError('timed-out', `the peer left ${unanswered} pings unanswered`));
    }
    unanswered += 1;
    socket.ping();
  }, interval);
  timer.unref();
  socket.on('pong', alive).on('message', alive).on('ping', alive);
  return () => clearInterval(timer);
}
