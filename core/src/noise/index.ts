export { CipherState } from './cipher-state.ts';
export { type DrawName, type Draws, randomDraws } from './draws.ts';
export { type HandshakeConfig, HandshakeState, type ReadResult, type WriteResult } from './handshake-state.ts';
export { type KeyPairs, keyPairs, type PublicKeys } from './keys.ts';
export { Split } from './split.ts';
export { type NoiseSuite, noiseSuites } from './suite.ts';
