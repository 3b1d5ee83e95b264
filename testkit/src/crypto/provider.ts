import { createNodeCrypto, nodeRandom } from '@0k-sync/core/crypto/node';

/** The suite's one provider. */
export const crypto = await createNodeCrypto();
export const random = nodeRandom;
