import { concat, u32, utf8 } from '@0k-sync/core/bytes';
import type { RandomSource } from '@0k-sync/core/crypto';
import { nobleCrypto } from '@0k-sync/core/crypto';

/** Random bytes that are the same in every run: BLAKE3 of a label and a counter. */
export function deterministicRandom(label: string): RandomSource {
  let count = 0;
  return (length) => {
    count += 1;
    const parts: Uint8Array[] = [];
    for (let block = 0; block * 32 < length; block += 1) {
      parts.push(nobleCrypto.blake3(utf8(label), u32(count), u32(block)));
    }
    return concat(...parts).slice(0, length);
  };
}
