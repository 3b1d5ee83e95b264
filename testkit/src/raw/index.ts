export { Ended, HandshakeFailed, OtherAnswer } from './errors.ts';
export { Inbox } from './inbox.ts';
export { type HelloOptions, RawClient, type RawClientConfig } from './raw-client.ts';
export { type End, type Mangle, RawEnd, type RawEndConfig } from './raw-end.ts';
export { RawRelay, type RawRelayConfig } from './raw-relay.ts';
export { type RelayEndConfig, relayEnd } from './relay-end.ts';
export { LOW_ORDER_POINTS, withLowOrderKey, withUnreducedKey } from './weak-keys.ts';
