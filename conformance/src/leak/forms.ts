import { concat, toHex, zBase32 } from '@0k-sync/core/bytes';

/** One way in which a secret may have been written down. */
export interface Form {
  readonly name: 'raw' | 'utf-16' | 'hex' | 'base64' | 'base64url' | 'z-base-32' | 'numbers';
  readonly bytes: Buffer;
}

/**
 * A text encoding packs `bits` bits in a character, so bytes inside something longer start at one of several alignments.
 * The characters that depend on the neighbours are cut off: what is left must occur whatever stands around.
 */
function aligned(secret: Uint8Array, bits: number, group: number, encode: (bytes: Uint8Array) => string): string[] {
  return Array.from({ length: group }, (_, before) => {
    const text = encode(concat(new Uint8Array(before), secret));
    const first = Math.ceil((8 * before) / bits);
    const end = Math.floor((8 * (before + secret.length)) / bits);
    return text.slice(first, end);
  });
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** Every form of a secret, at least 12 bytes long so that no form of it occurs by chance. SC-23. */
export function formsOf(secret: Uint8Array): readonly Form[] {
  if (secret.length < 12) throw new RangeError(`a canary of ${secret.length} bytes may occur by chance`);
  const hex = toHex(secret);
  const written: readonly [Form['name'], string][] = [
    ['hex', hex],
    ['hex', hex.toUpperCase()],
    ...aligned(secret, 6, 3, base64).map((text): [Form['name'], string] => ['base64', text]),
    ...aligned(secret, 6, 3, base64url).map((text): [Form['name'], string] => ['base64url', text]),
    ...aligned(secret, 5, 5, zBase32).map((text): [Form['name'], string] => ['z-base-32', text]),
    ['numbers', secret.join(',')],
    ['numbers', secret.join(', ')],
  ];
  return [
    { name: 'raw', bytes: Buffer.from(secret) },
    { name: 'utf-16', bytes: Buffer.from(Buffer.from(secret).toString('latin1'), 'utf16le') },
    ...written.map(([name, text]) => ({ name, bytes: Buffer.from(text) })),
  ];
}
