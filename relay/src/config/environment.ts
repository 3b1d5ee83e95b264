import { z } from 'zod';
import { OperatorFailure } from '../operator/failure.ts';
import { nearest } from './nearest.ts';
import { type SectionName, schemaOf, sections } from './sections.ts';

const PREFIX = 'ZEROK_RELAY_';

/** A value from outside the file, and its origin for messages. */
export type Override = {
  readonly section: SectionName;
  readonly key: string;
  readonly value: unknown;
  readonly origin: string;
};

/** Returns the name of the environment variable that overrides `section.key`. */
export function variableOf(section: string, key: string): string {
  return `${PREFIX}${section}_${key}`.toUpperCase();
}

/** Variables with which Kubernetes and Docker describe a service whose name begins with `zerok-relay`. */
const SERVICE_NAME = /_SERVICE_HOST$|_SERVICE_PORT(_[A-Z0-9_]+)?$|_PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/;
const SERVICE_ADDRESS = /^(tcp|udp|sctp):\/\//;

/** True for a variable that an orchestrator sets, also where its name is that of an option. */
function isOfService(name: string, text: string): boolean {
  return SERVICE_NAME.test(name) || (name.endsWith('_PORT') && SERVICE_ADDRESS.test(text));
}

/** Reads every ZEROK_RELAY_<SECTION>_<KEY>; commas separate the items of lists. Throws OperatorFailure. */
export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): Override[] {
  const known = knownVariables();
  const overrides: Override[] = [];
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || text === undefined || isOfService(name, text)) continue;
    const target = known.get(name);
    if (target === undefined) throw unknownVariable(name, [...known.keys()]);
    const schema = schemaOf(target.section, target.key);
    overrides.push({ ...target, value: schema === undefined ? text : parseText(schema, text), origin: name });
  }
  return overrides;
}

function knownVariables(): Map<string, { section: SectionName; key: string }> {
  const known = new Map<string, { section: SectionName; key: string }>();
  for (const section of Object.keys(sections) as SectionName[]) {
    for (const key of Object.keys(sections[section].shape)) known.set(variableOf(section, key), { section, key });
  }
  return known;
}

/** Parses a variable's text; other text stays, so that the schema refuses it and says what it expects. */
function parseText(schema: z.ZodType, text: string): unknown {
  const inner = schema instanceof z.ZodDefault ? schema.unwrap() : schema;
  if (inner instanceof z.ZodNumber) return /^-?[0-9]+$/.test(text) ? Number(text) : text;
  if (inner instanceof z.ZodBoolean) return text === 'true' ? true : text === 'false' ? false : text;
  if (inner instanceof z.ZodArray) return text === '' ? [] : text.split(',').map((part) => part.trim());
  return text;
}

function unknownVariable(name: string, known: readonly string[]): OperatorFailure {
  const close = nearest(name, known);
  return new OperatorFailure(
    `the environment variable ${name} names no option`,
    close === undefined ? 'unset it, or list the options with 0k-relay --print-config' : `did you mean ${close}?`,
  );
}
