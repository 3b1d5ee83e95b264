export type { QuicConfig } from './config.ts';
export { QuicTransport } from './transport.ts';
