export { Ended, Inbox } from './inbox.ts';
export { describe, type HelloOptions, OtherAnswer, RawClient, type RawClientOptions } from './raw-client.ts';
export { type End, HandshakeFailed, RawEnd } from './raw-end.ts';
export { RawRelay, type RawRelayOptions } from './raw-relay.ts';
export { LOW_ORDER_POINTS, withLowOrderKey, withUnreducedKey } from './weak-keys.ts';
