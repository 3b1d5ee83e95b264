import { pairMessageScenarios } from './messages.ts';
import { pairPairingScenarios } from './pairing.ts';
import type { PairScenario } from './target.ts';

export type { PairScenario, PairTarget } from './target.ts';

/** What two clients of different implementations do together, at a relay of a third. */
export const scenarios: readonly PairScenario[] = [...pairPairingScenarios, ...pairMessageScenarios];
