import assert from 'node:assert/strict';

/** Asserts that plain data is the same. A store may give a Buffer where the port says Uint8Array. */
export function same(actual: unknown, expected: unknown, message?: string): void {
  assert.deepStrictEqual(structuredClone(actual), structuredClone(expected), message);
}
