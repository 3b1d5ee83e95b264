export type { QuicSettings } from './settings.ts';
export { QuicTransport } from './transport.ts';
