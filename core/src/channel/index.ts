export type { ChannelConfig, ChannelInfo, ChannelListener, InitiatorConfig, PeerStatics } from './channel.ts';
export { lengthPrefixed } from './handshake-messages.ts';
export { initiatorChannel } from './initiator.ts';
export { preface } from './preface.ts';
export { RecordChannel } from './record-channel.ts';
export { measureRecord, RecordLayer } from './records.ts';
export { responderChannel } from './responder.ts';
