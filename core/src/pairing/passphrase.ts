import type { PassphraseParameters } from '@0k-sync/generated/wire/pairing';
import { utf8 } from '../bytes/index.ts';
import type { CryptoProvider, RandomSource } from '../crypto/index.ts';
import { fail, type Result, succeed } from '../wire/index.ts';

const SALT_BYTES = 16;
const KEY_BYTES = 32;
const MIB = 1024;
const MEMORY_KIB_MIN = 19 * MIB;
const MEMORY_KIB_MAX = 1024 * MIB;
const WORK_KIB_MIN = 38 * MIB;
const ITERATIONS_MAX = 16;
const PARALLELISM_MAX = 16;

/** Returns the default costs, 64 MiB, t = 3, p = 1, with a fresh salt. PA-07. */
export function defaultParameters(random: RandomSource): PassphraseParameters {
  return { salt: random(SALT_BYTES), memoryKib: 64 * MIB, iterations: 3, parallelism: 1 };
}

/** Checks that the parameters are ones that a reader accepts. PA-08. */
export function areAcceptable({ memoryKib, iterations, parallelism, salt }: PassphraseParameters): boolean {
  return (
    salt.length === SALT_BYTES &&
    memoryKib >= MEMORY_KIB_MIN &&
    memoryKib <= MEMORY_KIB_MAX &&
    iterations >= 1 &&
    iterations <= ITERATIONS_MAX &&
    parallelism >= 1 &&
    parallelism <= PARALLELISM_MAX &&
    memoryKib * iterations >= WORK_KIB_MIN
  );
}

/**
 * Stretches a passphrase to 32 bytes: Argon2id over its NFKC form in UTF-8. PA-09, PA-11.
 * Error: INVITE_MALFORMED for an empty passphrase, or for parameters that `areAcceptable` refuses.
 */
export function stretchPassphrase(
  crypto: CryptoProvider,
  passphrase: string,
  parameters: PassphraseParameters,
): Result<Uint8Array> {
  if (!areAcceptable(parameters)) return fail('INVITE_MALFORMED', 'The passphrase parameters are out of bounds.');
  const password = utf8(passphrase.normalize('NFKC'));
  if (password.length === 0) return fail('INVITE_MALFORMED', 'The passphrase is empty.');
  return succeed(crypto.argon2id(password, parameters.salt, parameters, KEY_BYTES));
}
