import { concat } from '../bytes/index.ts';
import type { RandomSource } from '../crypto/index.ts';

/** The names of what one end draws during a handshake; each draw has 32 bytes. */
export type DrawName = 'e_x25519' | 'e_mlkem_d' | 'e_mlkem_z' | 'ekem_m' | 'skem_m';

/** The named draws of one end: fresh from a random source, or fixed in a transcript. Each is drawn once. HS-10. */
export interface Draws {
  (name: DrawName): Uint8Array;
  /** The source that all draws come from, when there is one. */
  readonly source?: RandomSource;
}

const DRAW_BYTES = 32;

/** Makes draws that are fresh from a random source, 32 bytes each. */
export function randomDraws(random: RandomSource): Draws {
  return Object.assign(() => random(DRAW_BYTES), { source: random });
}

/** Draws the seed of the ephemeral ML-KEM key: d || z, 64 bytes. */
export function mlkemSeed(draws: Draws): Uint8Array {
  return concat(draws('e_mlkem_d'), draws('e_mlkem_z'));
}
