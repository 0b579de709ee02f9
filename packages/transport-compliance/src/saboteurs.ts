import type { Saboteur } from './saboteur.ts';
import { abortEndsEveryLane } from './saboteurs/abort-ends-every-lane.ts';
import { abortUnheard } from './saboteurs/abort-unheard.ts';
import { abortedMessageStillSent } from './saboteurs/aborted-message-still-sent.ts';
import { abortedReasonWrapped } from './saboteurs/aborted-reason-wrapped.ts';
import { answersById } from './saboteurs/answers-by-id.ts';
import { backPressureIgnored } from './saboteurs/back-pressure-ignored.ts';
import { batchTakenApart } from './saboteurs/batch-taken-apart.ts';
import { blamesItself } from './saboteurs/blames-itself.ts';
import { byReference } from './saboteurs/by-reference.ts';
import { causeForgotten } from './saboteurs/cause-forgotten.ts';
import { closeClosesNothing } from './saboteurs/close-closes-nothing.ts';
import { closeDropsWhatWasTaken } from './saboteurs/close-drops-what-was-taken.ts';
import { closeEventNeverWired } from './saboteurs/close-event-never-wired.ts';
import { closeForgetsSends } from './saboteurs/close-forgets-sends.ts';
import { closeRejectsTwice } from './saboteurs/close-rejects-twice.ts';
import { closeWaitsForTheReceiver } from './saboteurs/close-waits-for-the-receiver.ts';
import { closedNeverResolves } from './saboteurs/closed-never-resolves.ts';
import { closedTooEarly } from './saboteurs/closed-too-early.ts';
import { deliversTwice } from './saboteurs/delivers-twice.ts';
import { deliversWithinSend } from './saboteurs/delivers-within-send.ts';
import { drainWithoutDeath } from './saboteurs/drain-without-death.ts';
import { earlySendAccepted } from './saboteurs/early-send-accepted.ts';
import { emptyLaneUnnoticed } from './saboteurs/empty-lane-unnoticed.ts';
import { encodesTwice } from './saboteurs/encodes-twice.ts';
import { faultEndsTheLink } from './saboteurs/fault-ends-the-link.ts';
import { listenerLeft } from './saboteurs/listener-left.ts';
import { losesMessagesWhilePaused } from './saboteurs/loses-messages-while-paused.ts';
import { lostAnswerUnnamed } from './saboteurs/lost-answer-unnamed.ts';
import { neverPauses } from './saboteurs/never-pauses.ts';
import { noLimit } from './saboteurs/no-limit.ts';
import { notificationsDropped } from './saboteurs/notifications-dropped.ts';
import { oneRequestAtATime } from './saboteurs/one-request-at-a-time.ts';
import { oneScopeForAllPeers } from './saboteurs/one-scope-for-all-peers.ts';
import { oneTableForAllPeers } from './saboteurs/one-table-for-all-peers.ts';
import { orphansNeverTold } from './saboteurs/orphans-never-told.ts';
import { orphansToldTwice } from './saboteurs/orphans-told-twice.ts';
import { oversizeSwallowed } from './saboteurs/oversize-swallowed.ts';
import { parseErrorsSwallowed } from './saboteurs/parse-errors-swallowed.ts';
import { questionsDropped } from './saboteurs/questions-dropped.ts';
import { rawTypeError } from './saboteurs/raw-type-error.ts';
import { receiverErrorEndsTheLink } from './saboteurs/receiver-error-ends-the-link.ts';
import { refusalIgnored } from './saboteurs/refusal-ignored.ts';
import { remembersEveryMessage } from './saboteurs/remembers-every-message.ts';
import { responsesOvertake } from './saboteurs/responses-overtake.ts';
import { scopeForEachMessage } from './saboteurs/scope-for-each-message.ts';
import { secondStartAccepted } from './saboteurs/second-start-accepted.ts';
import { signalAbortsTooEarly } from './saboteurs/signal-aborts-too-early.ts';
import { signalNeverAborts } from './saboteurs/signal-never-aborts.ts';
import { timerLeft } from './saboteurs/timer-left.ts';

/** Every broken transport that the suite is proved against. */
export const saboteurs: readonly Saboteur[] = [
  abortEndsEveryLane,
  abortUnheard,
  abortedMessageStillSent,
  abortedReasonWrapped,
  answersById,
  backPressureIgnored,
  batchTakenApart,
  blamesItself,
  byReference,
  causeForgotten,
  closeClosesNothing,
  closeDropsWhatWasTaken,
  closeEventNeverWired,
  closeForgetsSends,
  closeRejectsTwice,
  closeWaitsForTheReceiver,
  closedNeverResolves,
  closedTooEarly,
  deliversTwice,
  deliversWithinSend,
  drainWithoutDeath,
  earlySendAccepted,
  emptyLaneUnnoticed,
  encodesTwice,
  faultEndsTheLink,
  listenerLeft,
  losesMessagesWhilePaused,
  lostAnswerUnnamed,
  neverPauses,
  noLimit,
  notificationsDropped,
  oneRequestAtATime,
  oneScopeForAllPeers,
  oneTableForAllPeers,
  orphansNeverTold,
  orphansToldTwice,
  oversizeSwallowed,
  parseErrorsSwallowed,
  questionsDropped,
  rawTypeError,
  receiverErrorEndsTheLink,
  refusalIgnored,
  remembersEveryMessage,
  responsesOvertake,
  scopeForEachMessage,
  secondStartAccepted,
  signalAbortsTooEarly,
  signalNeverAborts,
  timerLeft,
];
