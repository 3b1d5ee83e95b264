/**
 * The same value with byte arrays of its own: a view that goes to another thread takes the whole buffer behind it along,
 * and decoded bytes are views of what came from the network.
 */
export function copyBytes<T>(value: T): T {
  if (value instanceof Uint8Array) return Uint8Array.from(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copyBytes(part)])) as T;
}
