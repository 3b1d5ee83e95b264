export type { QuicConfig } from './config.ts';
export { isWildcard, localAddresses } from './local-addresses.ts';
export { QuicTransport } from './transport.ts';
export { betweenLooks } from './turns.ts';
