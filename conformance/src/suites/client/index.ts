import { claimScenarios } from './claims.ts';
import { contentScenarios } from './content.ts';
import { duplicateScenarios } from './duplicates.ts';
import { durabilityScenarios } from './durability.ts';
import { endScenarios } from './ends.ts';
import { envelopeScenarios } from './envelope.ts';
import { frameScenarios } from './frames.ts';
import { gapScenarios } from './gaps.ts';
import { handshakeScenarios } from './handshake.ts';
import { identityScenarios } from './identity.ts';
import { memberScenarios } from './member.ts';
import { memberListScenarios } from './members.ts';
import { ownChainScenarios } from './own-chain.ts';
import { pageScenarios } from './pages.ts';
import { pairingScenarios } from './pairing.ts';
import { pushScenarios } from './push.ts';
import { rollbackScenarios } from './rollback.ts';
import { segmentScenarios } from './segments.ts';
import type { ClientScenario } from './target.ts';

export type { ClientTarget } from './target.ts';

/** Everything that a client must withstand, and do. */
export const scenarios: readonly ClientScenario[] = [
  ...envelopeScenarios,
  ...memberScenarios,
  ...segmentScenarios,
  ...gapScenarios,
  ...duplicateScenarios,
  ...pageScenarios,
  ...claimScenarios,
  ...rollbackScenarios,
  ...identityScenarios,
  ...handshakeScenarios,
  ...frameScenarios,
  ...endScenarios,
  ...pushScenarios,
  ...ownChainScenarios,
  ...durabilityScenarios,
  ...pairingScenarios,
  ...memberListScenarios,
  ...contentScenarios,
];
