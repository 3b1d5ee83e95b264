export { nobleCrypto } from './noble.ts';
export type { Argon2idParameters, CryptoProvider, HashName, MlKemKeys, RandomSource } from './port.ts';
