import { stringify } from 'smol-toml';
import type { z } from 'zod';
import { expectationOf } from './kinds.ts';
import { type Config, type SectionName, schemaOf, sections } from './sections.ts';

/** Printed in place of a secret. */
export const REDACTED = '(redacted)';

/** Prints the configuration in effect as TOML, with tokens as `(redacted)`. SC-23. */
export function printConfig(config: Config): string {
  const shown = Object.fromEntries(
    (Object.keys(sections) as SectionName[]).map((section) => [section, redactSection(section, config[section])]),
  );
  return `${stringify(shown)}\n`;
}

function redactSection(section: SectionName, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, redact(section, key, value)]));
}

function redact(section: SectionName, key: string, value: unknown): unknown {
  const schema = schemaOf(section, key) as (z.ZodType & { unwrap?: () => z.ZodType }) | undefined;
  const inner = schema?.unwrap?.();
  if (inner === undefined || !expectationOf(inner).secret) return value;
  if (Array.isArray(value)) return value.map(() => REDACTED);
  return value === '' ? '' : REDACTED;
}
