import { createNodeCrypto, nodeRandom } from '@0k-sync/core/crypto/node';

/** The provider of everything in the testkit: the native one. */
export const crypto = await createNodeCrypto();

/** The machine's random source. */
export const random = nodeRandom;
