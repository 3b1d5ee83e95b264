import type { Title } from './titles.ts';

type Vectors = {
  readonly req?: unknown;
  readonly cases?: readonly { readonly id?: unknown; readonly req?: unknown }[];
};

/** A title `<id>: <its requirements>` for each case of a file of vectors; `req` of the file holds for all of them. */
export function readVectors(source: string): Title[] {
  const { req, cases } = JSON.parse(source) as Vectors;
  const lines = source.split('\n');
  return (cases ?? []).map((each) => {
    const id = String(each.id ?? 'case');
    const line = lines.findIndex((text) => text.includes(JSON.stringify(id))) + 1;
    return { line: Math.max(line, 1), text: `${id}: ${[...toList(req), ...toList(each.req)].join(' ')}` };
  });
}

function toList(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
