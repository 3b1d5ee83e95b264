export { NO_ROTATION, ROTATION_HASH_BYTES, readRotationBody, rotationHash, rotationTranscript } from './body.ts';
export {
  advance,
  type ChainPosition,
  type FlawedRotation,
  isMember,
  type RotationFlaw,
  startOfChain,
  type VerifiedRotation,
  verifyRotation,
} from './chain.ts';
export { type Followed, type Follower, followRotations, isAnchorFork } from './follow.ts';
export { type History, openHistory } from './history.ts';
export { makeRotation, type ProposedRotation, type RotationPlan } from './make.ts';
export { Membership, type MembershipVerdict, type PastPlace } from './membership.ts';
export { isReceipt, receiptTranscript, rotationCode } from './receipt.ts';
export { type Anchor, type OpenedEpoch, openGroupState, openRotation, sealGroupState } from './state.ts';
export {
  type EpochPlace,
  openRotationWelcome,
  type Recipient,
  ROTATION_WELCOME_BYTES,
  sealRotationWelcome,
} from './welcome.ts';
