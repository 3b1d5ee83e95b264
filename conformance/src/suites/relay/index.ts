import type { Scenario } from '../../model.ts';
import { handshakeScenarios } from './connection/handshake.ts';
import { openingScenarios } from './connection/preface.ts';
import { recordScenarios } from './connection/records.ts';
import { orderScenarios } from './frames/order.ts';
import { requestScenarios } from './frames/requests.ts';
import { frameRowScenarios } from './frames/rows.ts';
import { admissionScenarios } from './hello/admission.ts';
import { enrolmentScenarios } from './hello/enrolment.ts';
import { strangerScenarios } from './hello/strangers.ts';
import { ackScenarios } from './log/ack.ts';
import { historyScenarios } from './log/history.ts';
import { pullScenarios } from './log/pull.ts';
import { pushScenarios } from './log/push.ts';
import { pushChainScenarios } from './log/push-chain.ts';
import { pushRefusalScenarios } from './log/push-refusals.ts';
import { subscribeScenarios } from './log/subscribe.ts';
import { mailboxClaimScenarios } from './mailbox/claims.ts';
import { mailboxLimitScenarios } from './mailbox/limits.ts';
import { floodScenarios } from './operation/flood.ts';
import { operatorScenarios } from './operation/operator.ts';
import { restartScenarios } from './operation/restart.ts';
import { timeScenarios } from './operation/time.ts';
import type { RelayTarget } from './target.ts';

export { OpenRelay } from './relays.ts';
export { connectTarget, type RelayAdapter, type RelayTarget, TargetError } from './target.ts';

/** The relay level: every scenario is independent of the others, so any number may run at once. */
export const scenarios: readonly Scenario<RelayTarget>[] = [
  ...openingScenarios,
  ...handshakeScenarios,
  ...recordScenarios,
  ...frameRowScenarios,
  ...orderScenarios,
  ...requestScenarios,
  ...admissionScenarios,
  ...strangerScenarios,
  ...enrolmentScenarios,
  ...pushRefusalScenarios,
  ...pushScenarios,
  ...pushChainScenarios,
  ...pullScenarios,
  ...subscribeScenarios,
  ...ackScenarios,
  ...historyScenarios,
  ...mailboxClaimScenarios,
  ...mailboxLimitScenarios,
  ...floodScenarios,
  ...timeScenarios,
  ...operatorScenarios,
  ...restartScenarios,
];
