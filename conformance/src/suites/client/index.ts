import { scenariosOf } from '../acts.ts';
import { contentActs } from './envelopes/content.ts';
import { envelopeActs } from './envelopes/envelope.ts';
import { memberActs } from './envelopes/member.ts';
import { claimActs } from './log/claims.ts';
import { completenessActs } from './log/completeness.ts';
import { duplicateActs } from './log/duplicates.ts';
import { gapActs } from './log/gaps.ts';
import { heldActs } from './log/held.ts';
import { pageActs } from './log/pages.ts';
import { retentionActs } from './log/retention.ts';
import { rollbackActs } from './log/rollback.ts';
import { runActs } from './log/runs.ts';
import { segmentActs } from './log/segments.ts';
import { waitActs } from './log/waits.ts';
import { durabilityActs } from './outbox/durability.ts';
import { ownChainActs } from './outbox/own-chain.ts';
import { pushActs } from './outbox/push.ts';
import { refusedActs } from './outbox/refused.ts';
import { inviteActs } from './pairing/invites.ts';
import { memberListActs } from './pairing/members.ts';
import { pairingActs } from './pairing/pairing.ts';
import { withheldActs } from './pairing/withheld.ts';
import { ClientScene } from './scene.ts';
import { endActs } from './session/ends.ts';
import { frameRowActs } from './session/frame-rows.ts';
import { frameStreamActs } from './session/frame-stream.ts';
import { outOfTurnActs } from './session/frames-out-of-turn.ts';
import { handshakeActs } from './session/handshake.ts';
import { identityActs } from './session/identity.ts';
import { linkActs } from './session/links.ts';
import { retryActs } from './session/retries.ts';
import type { ClientScenario } from './target.ts';

export type { ClientTarget } from './target.ts';

/** All scenarios of a client. */
export const scenarios: readonly ClientScenario[] = scenariosOf(
  {
    ...envelopeActs,
    ...memberActs,
    ...segmentActs,
    ...gapActs,
    ...waitActs,
    ...runActs,
    ...duplicateActs,
    ...pageActs,
    ...claimActs,
    ...retentionActs,
    ...completenessActs,
    ...rollbackActs,
    ...identityActs,
    ...handshakeActs,
    ...outOfTurnActs,
    ...frameRowActs,
    ...frameStreamActs,
    ...endActs,
    ...linkActs,
    ...retryActs,
    ...pushActs,
    ...refusedActs,
    ...ownChainActs,
    ...withheldActs,
    ...durabilityActs,
    ...heldActs,
    ...inviteActs,
    ...pairingActs,
    ...memberListActs,
    ...contentActs,
  },
  ClientScene.open,
);
