export { TransportError, type TransportErrorKind } from './error.ts';
export { DEFAULT_LIMITS } from './limits.ts';
export type {
  Address,
  ByteStream,
  Connection,
  ConnectionEnd,
  ConnectOptions,
  Listener,
  ListenOptions,
  PeerLimits,
  StreamHandler,
  Transport,
} from './port.ts';
