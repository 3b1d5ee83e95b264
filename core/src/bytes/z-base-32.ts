const alphabet = 'ybndrfg8ejkmcpqxot1uwisza345h769';
const values = new Map([...alphabet].map((character, value) => [character, value]));

/** Encodes n bytes as z-base-32: ceil(8n/5) characters, most significant bit first. OV-03, PA-01. */
export function zBase32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let pending = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet.charAt((pending >> (bits - 5)) & 31);
    pending &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + alphabet.charAt((pending << (5 - bits)) & 31);
}

/** Decodes z-base-32 of either case; undefined for other characters, lengths or trailing bits. PA-01. */
export function readZBase32(text: string): Uint8Array | undefined {
  const length = Math.floor((text.length * 5) / 8);
  if (Math.ceil((length * 8) / 5) !== text.length) return undefined;
  const out = new Uint8Array(length);
  let bits = 0;
  let pending = 0;
  let position = 0;
  for (const character of text.toLowerCase()) {
    const value = values.get(character);
    if (value === undefined) return undefined;
    pending = (pending << 5) | value;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    out[position++] = pending >> bits;
    pending &= (1 << bits) - 1;
  }
  return pending === 0 ? out : undefined;
}
