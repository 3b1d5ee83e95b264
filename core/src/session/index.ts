export {
  type ChannelConfig,
  type ChannelInfo,
  type ChannelListener,
  lengthPrefixed,
  type PeerStatics,
  preface,
} from './channel.ts';
export type { ClampedLimits } from './clamp-limits.ts';
export type { ClientSessionConfig, HelloCommand } from './client-config.ts';
export type { ClientEvent } from './client-events.ts';
export { ClientSession } from './client-session.ts';
export type { MemberRequest, StrangerRequest } from './frames.ts';
export { helloTranscript, type VerifiedEnrolment, type VerifiedHello, verifyHello } from './hello.ts';
export { InitiatorChannel, type InitiatorConfig } from './initiator-channel.ts';
export type { Output } from './output.ts';
export { measureRecord, RecordLayer } from './records.ts';
export type { RelaySessionConfig } from './relay-config.ts';
export type { RelayEvent } from './relay-events.ts';
export { RelaySession } from './relay-session.ts';
export { ResponderChannel } from './responder-channel.ts';
export { accountsForEveryCursor, envelopeCost } from './segment.ts';
