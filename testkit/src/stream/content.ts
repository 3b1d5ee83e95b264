import type { ByteStream } from '@0k-sync/transport';

/** Bytes that differ by position and by seed. */
export function pattern(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index += 1) bytes[index] = (index * 31 + (index >>> 8) * 7 + seed) & 0xff;
  return bytes;
}

/** UTF-8. */
export function text(string: string): Uint8Array {
  return new TextEncoder().encode(string);
}

/** Sends back whatever comes, and ends when the peer does. */
export function echo(stream: ByteStream): void {
  stream.receive({
    data: (bytes) => stream.write(bytes),
    end: () => stream.end(),
    closed: () => {},
  });
}
