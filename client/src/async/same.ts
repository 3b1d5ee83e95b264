/** True when two values are equal in all their parts; other objects than plain ones and arrays only if they are one. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (!isPlain(one) || !isPlain(other)) return false;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => isSame(one[name], other[name]));
}

/** Freezes a value in all its parts that are plain objects or arrays. */
export function freezeWhole<Value>(value: Value): Value {
  if (isPlain(value)) for (const part of Object.values(Object.freeze(value))) freezeWhole(part);
  return value;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return Array.isArray(value) || (typeof value === 'object' && value?.constructor === Object);
}
