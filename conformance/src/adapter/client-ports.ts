import { join } from 'node:path';
import { SqliteStore, STORE_FILE_NAME, type Store } from '@0k-sync/client/node';
import type { CryptoProvider, RandomSource } from '@0k-sync/core/crypto';
import { createNodeCrypto, nodeRandom } from '@0k-sync/core/crypto/node';
import type { Transport } from '@0k-sync/transport';
import { QuicTransport } from '@0k-sync/transport/quic';

/** The ports of a client under test. A planted fault replaces one of them. */
export interface ClientPorts {
  readonly crypto: CryptoProvider;
  readonly random: RandomSource;
  readonly transport: Transport;
  /** The durable state in a directory. */
  readonly openStore: (directory: string) => Store;
}

/** The ports of the unchanged TypeScript client: QUIC, SQLite, the machine's clock. */
export async function referencePorts(): Promise<ClientPorts> {
  return {
    crypto: await createNodeCrypto(),
    random: nodeRandom,
    transport: new QuicTransport(),
    openStore: (directory) => new SqliteStore(join(directory, STORE_FILE_NAME)),
  };
}
