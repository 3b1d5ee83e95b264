import type { Scenario } from '../../model.ts';
import { scenariosOf } from '../acts.ts';
import { handshakeActs } from './connection/handshake.ts';
import { openingActs } from './connection/preface.ts';
import { recordActs } from './connection/records.ts';
import { orderActs } from './frames/order.ts';
import { requestActs } from './frames/requests.ts';
import { frameRowActs } from './frames/rows.ts';
import { admissionActs } from './hello/admission.ts';
import { enrolmentActs } from './hello/enrolment.ts';
import { strangerActs } from './hello/strangers.ts';
import { ackActs } from './log/ack.ts';
import { backfillActs } from './log/backfill.ts';
import { historyActs } from './log/history.ts';
import { pullActs } from './log/pull.ts';
import { pushActs } from './log/push.ts';
import { pushChainActs } from './log/push-chain.ts';
import { pushRefusalActs } from './log/push-refusals.ts';
import { subscribeActs } from './log/subscribe.ts';
import { mailboxClaimActs } from './mailbox/claims.ts';
import { mailboxLimitActs } from './mailbox/limits.ts';
import { budgetActs } from './operation/budgets.ts';
import { floodActs } from './operation/flood.ts';
import { operatorActs } from './operation/operator.ts';
import { restartActs } from './operation/restart.ts';
import { secretActs } from './operation/secrets.ts';
import { timeActs } from './operation/time.ts';
import { RelayScene } from './scene.ts';
import type { RelayTarget } from './target.ts';

export { OpenRelay } from './relays.ts';
export { connectTarget, type RelayAdapter, type RelayTarget, TargetError } from './target.ts';

/** The relay level: every scenario is independent of the others, so any number may run at once. */
export const scenarios: readonly Scenario<RelayTarget>[] = scenariosOf(
  {
    ...openingActs,
    ...handshakeActs,
    ...recordActs,
    ...frameRowActs,
    ...orderActs,
    ...requestActs,
    ...admissionActs,
    ...strangerActs,
    ...enrolmentActs,
    ...pushRefusalActs,
    ...pushActs,
    ...pushChainActs,
    ...backfillActs,
    ...pullActs,
    ...subscribeActs,
    ...ackActs,
    ...historyActs,
    ...mailboxClaimActs,
    ...mailboxLimitActs,
    ...floodActs,
    ...timeActs,
    ...operatorActs,
    ...budgetActs,
    ...restartActs,
    ...secretActs,
  },
  (target: RelayTarget) => new RelayScene(target),
);
