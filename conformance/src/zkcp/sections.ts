/** Sections of conformance/zkcp.md that hints send people to, each the beginning of a heading. */
export const SECTIONS = ['Lines', 'Commands', 'A client'] as const;

/** A section of conformance/zkcp.md. */
export type Section = (typeof SECTIONS)[number];

/** `do this: zkcp.md, Lines`. */
export function see(section: Section, what: string): string {
  return `${what}: zkcp.md, ${section}`;
}
