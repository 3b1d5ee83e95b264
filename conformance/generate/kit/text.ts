// z-base-32 by way of one big integer, unlike core's bit by bit.
const ALPHABET = 'ybndrfg8ejkmcpqxot1uwisza345h769';

/** ceil(8n/5) characters, most significant bit first, unused trailing bits zero. PA-01. */
export function zBase32(bytes: Uint8Array): string {
  const characters = Math.ceil((bytes.length * 8) / 5);
  let value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) << BigInt(characters * 5 - bytes.length * 8);
  let text = '';
  for (let index = 0; index < characters; index += 1) {
    text = ALPHABET.charAt(Number(value & 31n)) + text;
    value >>= 5n;
  }
  return text;
}
