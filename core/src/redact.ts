/** Makes every instance of a class that holds secrets print as its name only. GR-11. */
export function redact(holder: { readonly name: string; readonly prototype: object }): void {
  const describe = (): string => `[${holder.name} redacted]`;
  for (const key of [Symbol.for('nodejs.util.inspect.custom'), 'toJSON']) {
    Object.defineProperty(holder.prototype, key, { value: describe });
  }
}
