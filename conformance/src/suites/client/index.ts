import { contentScenarios } from './envelopes/content.ts';
import { envelopeScenarios } from './envelopes/envelope.ts';
import { memberScenarios } from './envelopes/member.ts';
import { claimScenarios } from './log/claims.ts';
import { duplicateScenarios } from './log/duplicates.ts';
import { gapScenarios } from './log/gaps.ts';
import { heldScenarios } from './log/held.ts';
import { pageScenarios } from './log/pages.ts';
import { rollbackScenarios } from './log/rollback.ts';
import { segmentScenarios } from './log/segments.ts';
import { durabilityScenarios } from './outbox/durability.ts';
import { ownChainScenarios } from './outbox/own-chain.ts';
import { pushScenarios } from './outbox/push.ts';
import { inviteScenarios } from './pairing/invites.ts';
import { memberListScenarios } from './pairing/members.ts';
import { pairingScenarios } from './pairing/pairing.ts';
import { endScenarios } from './session/ends.ts';
import { frameRowScenarios } from './session/frame-rows.ts';
import { frameStreamScenarios } from './session/frame-stream.ts';
import { outOfTurnScenarios } from './session/frames-out-of-turn.ts';
import { handshakeScenarios } from './session/handshake.ts';
import { identityScenarios } from './session/identity.ts';
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
  ...outOfTurnScenarios,
  ...frameRowScenarios,
  ...frameStreamScenarios,
  ...endScenarios,
  ...pushScenarios,
  ...ownChainScenarios,
  ...durabilityScenarios,
  ...heldScenarios,
  ...inviteScenarios,
  ...pairingScenarios,
  ...memberListScenarios,
  ...contentScenarios,
];
