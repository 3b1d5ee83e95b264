export type { ChannelConfig, ChannelInfo, PeerStatics } from './channel.ts';
export type { ClampedLimits } from './clamp-limits.ts';
export { type ClientEvent, ClientSession, type ClientSessionConfig, type HelloCommand } from './client-session.ts';
export type { VerifiedEnrolment, VerifiedHello } from './hello.ts';
export type { Output } from './output.ts';
export { type RelayEvent, RelaySession, type RelaySessionConfig } from './relay-session.ts';
export { accountsForEveryCursor, envelopeCost } from './segment.ts';
