import type { Scenario } from '../../model.ts';
import { frameScenarios } from './frames.ts';
import { handshakeScenarios } from './handshake.ts';
import { recordScenarios } from './records.ts';
import type { RelayTarget } from './target.ts';

export { OpenRelay } from './relays.ts';
export { connectTarget, type RelayAdapter, type RelayTarget, TargetError } from './target.ts';

/** The relay level: every scenario is independent of the others, so any number may run at once. */
export const scenarios: readonly Scenario<RelayTarget>[] = [
  ...handshakeScenarios,
  ...recordScenarios,
  ...frameScenarios,
];
