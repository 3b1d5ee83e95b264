import type { Scenario } from '../../model.ts';
import { floodScenarios } from './flood.ts';
import { frameScenarios } from './frames.ts';
import { handshakeScenarios } from './handshake.ts';
import { helloScenarios } from './hello.ts';
import { historyScenarios } from './history.ts';
import { mailboxScenarios } from './mailbox.ts';
import { operatorScenarios } from './operator.ts';
import { orderScenarios } from './order.ts';
import { pullScenarios } from './pull.ts';
import { pushScenarios } from './push.ts';
import { recordScenarios } from './records.ts';
import { requestScenarios } from './requests.ts';
import { restartScenarios } from './restart.ts';
import { subscribeScenarios } from './subscribe.ts';
import type { RelayTarget } from './target.ts';
import { timeScenarios } from './time.ts';

export { OpenRelay } from './relays.ts';
export { connectTarget, type RelayAdapter, type RelayTarget, TargetError } from './target.ts';

/** The relay level: every scenario is independent of the others, so any number may run at once. */
export const scenarios: readonly Scenario<RelayTarget>[] = [
  ...handshakeScenarios,
  ...recordScenarios,
  ...frameScenarios,
  ...orderScenarios,
  ...requestScenarios,
  ...helloScenarios,
  ...pushScenarios,
  ...pullScenarios,
  ...subscribeScenarios,
  ...historyScenarios,
  ...mailboxScenarios,
  ...floodScenarios,
  ...timeScenarios,
  ...operatorScenarios,
  ...restartScenarios,
];
