const HEADER = '// generated, do not edit: `make generate` writes this file from spec/ and proto/\n\n';
const LINE_MAX = 110;

/** A file to write: path below generated/, and its text. */
export type Output = { readonly path: string; readonly text: string };

/** The folders below generated/ that are packages: what client and relay run on, and what describes the spec. */
export const PROTOCOL = 'protocol';
export const SPEC = 'spec';
export type PackageFolder = typeof PROTOCOL | typeof SPEC;

/** The module `name` of a package. */
export function moduleOf(folder: PackageFolder, name: string, blocks: readonly string[]): Output {
  return { path: `${folder}/src/${name}.ts`, text: HEADER + blocks.map((block) => `${block}\n`).join('\n') };
}

/** `export const <name> = <value> as const`, with a comment before it. */
export function constantOf(comment: string, name: string, value: unknown): string {
  return `/** ${comment} */\nexport const ${name} = ${jsonText(value)} as const`;
}

/** JSON that puts a value on one line when it fits there. */
export function jsonText(value: unknown, indent = ''): string {
  const line = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || indent.length + line.length <= LINE_MAX) return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => `\n${inner}${jsonText(item, inner)}`);
    return `[${items.join(',')}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  const members = entries.map(([key, item]) => `\n${inner}${JSON.stringify(key)}: ${jsonText(item, inner)}`);
  return `{${members.join(',')}\n${indent}}`;
}

/** An object with the items' keys in their order. */
export function keyed<T, V>(
  items: readonly T[],
  keyOf: (item: T) => string,
  toValue: (item: T) => V,
): Record<string, V> {
  return Object.fromEntries(items.map((item) => [keyOf(item), toValue(item)]));
}
