import type { Case } from './case.ts';
import { abortBefore } from './cases/abort-before.ts';
import { abortEndsItsOwnLane } from './cases/abort-ends-its-own-lane.ts';
import { abortWhileQueued } from './cases/abort-while-queued.ts';
import { answered } from './cases/answered.ts';
import { anyOrderOfAnswers } from './cases/any-order-of-answers.ts';
import { batch } from './cases/batch.ts';
import { closeIsIdempotent } from './cases/close-is-idempotent.ts';
import { closeSettlesSends } from './cases/close-settles-sends.ts';
import { closedIsClosed } from './cases/closed-is-closed.ts';
import { closedTellsWhy } from './cases/closed-tells-why.ts';
import { defectiveResponse } from './cases/defective-response.ts';
import { encodedResponse } from './cases/encoded-response.ts';
import { endWithoutAnswer } from './cases/end-without-answer.ts';
import { flushedByClose } from './cases/flushed-by-close.ts';
import { garbageIsAFault } from './cases/garbage-is-a-fault.ts';
import { jsonValues } from './cases/json-values.ts';
import { noGrowth } from './cases/no-growth.ts';
import { noHandleLeft } from './cases/no-handle-left.ts';
import { noListenerLeft } from './cases/no-listener-left.ts';
import { notBeforeStart } from './cases/not-before-start.ts';
import { oneLinkOneScope } from './cases/one-link-one-scope.ts';
import { order } from './cases/order.ts';
import { oversize } from './cases/oversize.ts';
import { peerAsks } from './cases/peer-asks.ts';
import { peerDeathEndsTheLink } from './cases/peer-death-ends-the-link.ts';
import { peerDeathOrphans } from './cases/peer-death-orphans.ts';
import { peerDeathSettlesSends } from './cases/peer-death-settles-sends.ts';
import { pingPong } from './cases/ping-pong.ts';
import { receiverThatThrows } from './cases/receiver-that-throws.ts';
import { refusedBatch } from './cases/refused-batch.ts';
import { sameIdFromTwoPeers } from './cases/same-id-from-two-peers.ts';
import { sameIdOnTwoLanes } from './cases/same-id-on-two-lanes.ts';
import { signalTellsTheEnd } from './cases/signal-tells-the-end.ts';
import { slowPeerHoldsBackTheSender } from './cases/slow-peer-holds-back-the-sender.ts';
import { slowReceiverHoldsBackThePeer } from './cases/slow-receiver-holds-back-the-peer.ts';
import { slowReceiverMissesNothing } from './cases/slow-receiver-misses-nothing.ts';
import { startOnce } from './cases/start-once.ts';
import { stuckReceiverCanBeClosed } from './cases/stuck-receiver-can-be-closed.ts';
import { volume } from './cases/volume.ts';
import { whatJsonCannotCarry } from './cases/what-json-cannot-carry.ts';

/** Every clause of the contract that a program can check, in the order in which a report is read. */
export const cases: readonly Case[] = [
  answered,
  order,
  anyOrderOfAnswers,
  jsonValues,
  encodedResponse,
  whatJsonCannotCarry,
  peerAsks,
  pingPong,
  notBeforeStart,
  startOnce,
  closeIsIdempotent,
  closedTellsWhy,
  closedIsClosed,
  closeSettlesSends,
  flushedByClose,
  signalTellsTheEnd,
  peerDeathEndsTheLink,
  peerDeathOrphans,
  peerDeathSettlesSends,
  endWithoutAnswer,
  slowPeerHoldsBackTheSender,
  slowReceiverHoldsBackThePeer,
  slowReceiverMissesNothing,
  stuckReceiverCanBeClosed,
  receiverThatThrows,
  garbageIsAFault,
  defectiveResponse,
  oversize,
  batch,
  refusedBatch,
  abortBefore,
  abortWhileQueued,
  abortEndsItsOwnLane,
  sameIdFromTwoPeers,
  sameIdOnTwoLanes,
  oneLinkOneScope,
  volume,
  noListenerLeft,
  noHandleLeft,
  noGrowth,
];
