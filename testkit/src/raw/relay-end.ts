import { responderChannel } from '@0k-sync/core/channel';
import type { RandomSource } from '@0k-sync/core/crypto';
import { type KeyPairs, randomDraws } from '@0k-sync/core/noise';
import type { ByteStream, Connection } from '@0k-sync/transport';
import { crypto, random as kitRandom } from '../crypto/provider.ts';
import type { FrameLog } from '../log/frame-log.ts';
import { type Mangle, RawEnd } from './raw-end.ts';

/** Settings of a relay's raw end. */
export interface RelayEndConfig {
  /** The relay's keys of the Noise handshake. */
  readonly staticKeys: KeyPairs;
  /** Changes what the handshake and the records send: 0 is the first message of this end, with its length. */
  readonly mangle?: Mangle | undefined;
  /** Log of the frames; that of the running test by default. */
  readonly frames?: FrameLog | undefined;
  /** Draws of the handshake; the kit's source by default. */
  readonly random?: RandomSource | undefined;
}

/** The relay's end of a control stream, by hand. The handshake runs by itself. */
export function relayEnd(connection: Connection, stream: ByteStream, config: RelayEndConfig): RawEnd {
  const { staticKeys, mangle, frames, random = kitRandom } = config;
  const draws = randomDraws(random);
  let sent = -1;
  return new RawEnd(connection, stream, {
    other: 'client',
    makeChannel: (listener) => responderChannel({ crypto, draws, staticKeys }, listener),
    outgoing: (bytes) => {
      sent += 1;
      return mangle?.(bytes, sent) ?? bytes;
    },
    frames,
  });
}
