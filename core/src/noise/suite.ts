import { patterns, type Role, type SuiteName, type Token } from '@0k-sync/generated/patterns';
import type { HashName } from '../crypto/index.ts';

/** A Noise protocol: name, hash, and its messages as rows of tokens. */
export interface NoiseSuite {
  readonly protocolName: string;
  readonly hash: HashName;
  /** True when each end has an ML-KEM-768 pair beside each X25519 pair. */
  readonly isHybrid: boolean;
  readonly messages: readonly { readonly from: Role; readonly tokens: readonly Token[] }[];
}

/** The two suites of the protocol, from the spec's pattern tables. */
export const noiseSuites: Readonly<Record<SuiteName, NoiseSuite>> = {
  classical: { ...patterns.classical, hash: 'BLAKE2s', isHybrid: false },
  hybrid: { ...patterns.hybrid, hash: 'BLAKE2s', isHybrid: true },
};
