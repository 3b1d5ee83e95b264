import { concat } from '../bytes/index.ts';
import type { RandomSource } from '../crypto/index.ts';

/** What one party draws during a handshake; each is 32 bytes. */
export type DrawName = 'e_x25519' | 'e_mlkem_d' | 'e_mlkem_z' | 'ekem_m' | 'skem_m';

/** The named draws of one party: fresh from a random source, or fixed in a transcript. Each is asked for once. HS-10. */
export interface Draws {
  (name: DrawName): Uint8Array;
  /** The source that all draws come from, when there is one. */
  readonly source?: RandomSource;
}

const DRAW_BYTES = 32;

export function randomDraws(random: RandomSource): Draws {
  return Object.assign(() => random(DRAW_BYTES), { source: random });
}

/** d || z of the ephemeral ML-KEM key, 64 bytes. */
export function mlkemSeed(draws: Draws): Uint8Array {
  return concat(draws('e_mlkem_d'), draws('e_mlkem_z'));
}
