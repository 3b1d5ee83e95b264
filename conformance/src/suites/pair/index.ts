import { scenariosOf } from '../acts.ts';
import { messageActs } from './messages.ts';
import { pairingActs } from './pairing.ts';
import { PairScene } from './scene.ts';
import type { PairScenario, PairTarget } from './target.ts';

export type { PairScenario, PairTarget } from './target.ts';

/** Scenarios of two clients of different implementations at a relay of a third. */
export const scenarios: readonly PairScenario[] = scenariosOf(
  { ...pairingActs, ...messageActs },
  (target: PairTarget) => new PairScene(target),
);
