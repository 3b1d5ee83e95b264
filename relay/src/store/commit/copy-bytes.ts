/**
 * Copies a value with its byte arrays. Decoded bytes are views of what the network delivered, and a view that goes to
 * another thread takes the whole buffer behind it along.
 */
export function copyBytes<T>(value: T): T {
  if (value instanceof Uint8Array) return Uint8Array.from(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copyBytes(part)])) as T;
}
