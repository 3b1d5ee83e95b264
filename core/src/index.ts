export type { CryptoProvider, RandomSource } from './crypto/index.ts';
export { type Content, type Judgement, receiveEnvelope, sealEnvelope } from './envelope/index.ts';
export { DeviceKeys, EpochKeys, Secret } from './group/index.ts';
export { createInvite, formatInvite, openWelcome, parseInvite, sealWelcome } from './pairing/index.ts';
export { ClientSession, RelaySession } from './session/index.ts';
export { ProtocolError } from './wire/index.ts';
