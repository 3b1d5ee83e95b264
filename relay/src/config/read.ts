import type { z } from 'zod';
import { OperatorFailure } from '../operator/failure.ts';
import { checkTogether } from './combinations.ts';
import type { Override } from './environment.ts';
import { expectationOf } from './kinds.ts';
import { nearest } from './nearest.ts';
import { type Config, isSection, type SectionName, schemaOf, sections } from './sections.ts';

const SHOWN_CHARACTERS = 60;

type Table = Record<string, unknown>;

/**
 * Checks the content of a TOML file with its overrides, and completes it with the defaults.
 * @param origin the file's name, for messages
 * @throws OperatorFailure naming file and key
 */
export function readConfig(document: Table, overrides: readonly Override[], origin: string): Config {
  for (const name of Object.keys(document))
    if (!isSection(name)) throw unknownName(origin, name, Object.keys(sections));
  const config: Partial<Record<SectionName, unknown>> = {};
  for (const section of Object.keys(sections) as SectionName[]) {
    config[section] = readSection(section, document[section] ?? {}, overrides, origin);
  }
  checkTogether(config as Config, origin);
  return config as Config;
}

function readSection(section: SectionName, table: unknown, overrides: readonly Override[], origin: string): unknown {
  if (typeof table !== 'object' || table === null || Array.isArray(table)) {
    throw new OperatorFailure(`${origin}: ${section} must be a section`, `write [${section}] on a line of its own`);
  }
  const mine = overrides.filter((override) => override.section === section);
  const values = { ...(table as Table), ...Object.fromEntries(mine.map(({ key, value }) => [key, value])) };
  const result = sections[section].safeParse(values);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue?.code === 'unrecognized_keys') {
    throw unknownName(origin, `${section}.${issue.keys[0] ?? ''}`, Object.keys(sections[section].shape));
  }
  const key = String(issue?.path[0] ?? '');
  const source = mine.find((override) => override.key === key)?.origin;
  throw unfit(section, key, values[key], source ?? `${origin}: ${section}.${key}`);
}

function unfit(section: SectionName, key: string, value: unknown, place: string): OperatorFailure {
  const schema = schemaOf(section, key);
  const { expects, secret } = expectationOf(innermost(schema));
  const given = secret ? '' : `, not ${shorten(JSON.stringify(value) ?? typeof value)}`;
  const example = secret ? '' : ` (the default is ${JSON.stringify(schema?.safeParse(undefined).data)})`;
  return new OperatorFailure(`${place} must be ${expects}${given}`, `correct the value, or omit it${example}`);
}

function innermost(schema: z.ZodType | undefined): z.ZodType {
  const wrapper = schema as (z.ZodType & { unwrap?: () => z.ZodType }) | undefined;
  return wrapper?.unwrap?.() ?? sections.server;
}

function shorten(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}

function unknownName(origin: string, name: string, known: readonly string[]): OperatorFailure {
  const [section, key] = name.includes('.') ? name.split('.', 2) : [undefined, name];
  const close = nearest(key ?? '', known);
  const what = section === undefined ? 'section' : 'key';
  return new OperatorFailure(
    `${origin}: there is no ${what} ${shorten(name)}`,
    close === undefined ? `the known names are: ${known.join(', ')}` : `did you mean ${close}?`,
  );
}
