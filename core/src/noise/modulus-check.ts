const Q = 3329;
/** Three polynomials of 256 coefficients, 12 bits each; the 32 bytes after them are the seed. */
const COEFFICIENT_BYTES = 1152;

/** Checks that every coefficient of an ML-KEM-768 encapsulation key, 1184 bytes, is below q. FIPS 203 §7.2, HS-06. */
export function isReduced(encapsulationKey: Uint8Array): boolean {
  for (let index = 0; index < COEFFICIENT_BYTES; index += 3) {
    const first = encapsulationKey[index] ?? 0;
    const second = encapsulationKey[index + 1] ?? 0;
    const third = encapsulationKey[index + 2] ?? 0;
    if ((first | ((second & 15) << 8)) >= Q || ((second >> 4) | (third << 4)) >= Q) return false;
  }
  return true;
}
