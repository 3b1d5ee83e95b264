import type { FieldSchema } from '@0k-sync/generated/schema';
import { evaluate, type Scope, toHex, toJson, toNumber, toText, type Value } from './evaluate.ts';
import type { Json, JsonObject } from './json.ts';
import { varintField } from './mutate-wire.ts';
import type { Step } from './notation.ts';
import { isCasePlace, type MessagePlace, messagePlace } from './places.ts';

/** One mutation as vectors write it. `path` begins with a member of a case, or names a part that only the generator can make. */
export interface Change {
  readonly op: string;
  readonly path: string;
  readonly arg?: Json;
}

/** An argument of a verb; a nameless one stands by itself. */
interface Parameter {
  readonly name?: string;
  readonly read: (value: Value) => Json;
  readonly isOptional?: true;
}

const at: Parameter = { name: 'at', read: toInteger };

/** The verbs that change a member of a case, or bytes. */
const verbs: Readonly<Record<string, readonly Parameter[]>> = {
  set: [{ read: toJson }],
  remove: [],
  remake: [{ read: toText }],
  splice: [{ read: toText }],
  flip: [at, { name: 'mask', read: toInteger, isOptional: true }],
  truncate: [{ read: toInteger }],
  extend: [{ read: toHex }],
  prepend: [{ read: toHex }],
  overwrite: [at, { name: 'with', read: toHex }],
  append: [{ read: toJson }],
  repeat: [{ read: toInteger }],
  reorder: [{ read: toJson }],
  'text-overwrite': [at, { name: 'with', read: toText }],
  'text-truncate': [{ read: toInteger }],
  'text-extend': [{ read: toText }],
  'text-prepend': [{ read: toText }],
  'text-upper-case': [],
  'text-swap': [{ read: toInteger }],
};

/** The verbs that change a field of a message. `set` takes a value; `insert` and `replace` take the whole field with its key. */
const fieldVerbs: Readonly<Record<string, readonly Parameter[]>> = {
  set: [{ name: 'with', read: toHex }],
  insert: [{ name: 'with', read: toHex }],
  replace: [{ name: 'with', read: toHex }],
  remove: [],
  duplicate: [],
  last: [],
  repeat: [{ name: 'times', read: toInteger }],
  'long-key': [],
  'long-length': [],
  'long-value': [],
  length: [{ name: 'declared', read: toInteger }],
};

const LENGTH_DELIMITED: readonly FieldSchema['type'][] = ['bytes', 'string', 'message'];

/** The verb that changes a whole message: it adds raw fields behind the last. */
const ADD: readonly Parameter[] = [{ read: toHex }];

/** Throws RangeError or SyntaxError for a verb, a place or a number of arguments that there is not. */
export function checkStep({ verb, place, args }: Step): void {
  const parameters = parametersOf(verb, place);
  const least = parameters.filter(({ isOptional }) => isOptional !== true).length;
  if (args.length >= least && args.length <= parameters.length) return;
  throw new SyntaxError(
    `${verb} takes ${least === parameters.length ? least : `${least} to ${parameters.length}`} values`,
  );
}

/** The mutation that a step stands for, where its names mean what `scope` says. Throws what `checkStep` throws, and TypeError. */
export function changeOf(step: Step, scope: Scope): Change {
  checkStep(step);
  const { verb, place } = step;
  const values = step.args.map((one) => evaluate(one, scope));
  const message = isOfMessage(verb, place) ? messagePlace(place) : undefined;
  if (message !== undefined) return wireChange(verb, message, values);
  const arg = argumentOf(parametersOf(verb, place), values);
  return { op: verb, path: place, ...(arg !== undefined && { arg }) };
}

/** A message by itself can also be treated as bytes, where nothing else names them. */
function isOfMessage(verb: string, place: string): boolean {
  if (isCasePlace(place)) return false;
  const message = messagePlace(place);
  return message !== undefined && (message.field !== undefined || verb === 'add' || message.path !== undefined);
}

function parametersOf(verb: string, place: string): readonly Parameter[] {
  const message = isOfMessage(verb, place) ? messagePlace(place) : undefined;
  const isWhole = message !== undefined && (message.field?.type ?? 'message') === 'message';
  if (isWhole && verb === 'add') return ADD;
  const known = message === undefined ? verbs : message.field === undefined ? {} : fieldVerbs;
  const parameters = Object.hasOwn(known, verb) ? known[verb] : undefined;
  if (parameters === undefined) throw new RangeError(`nothing does "${verb}" to ${place}`);
  return parameters;
}

function argumentOf(parameters: readonly Parameter[], values: readonly Value[]): Json | undefined {
  const read = parameters.flatMap(({ name, read }, index) => {
    const value = values[index];
    return value === undefined ? [] : [[name, read(value)] as const];
  });
  const [first] = read;
  if (first === undefined || first[0] === undefined) return first?.[1];
  return Object.fromEntries(read);
}

function wireChange(verb: string, place: MessagePlace, values: readonly Value[]): Change {
  const { root, path = root, isFramed, field } = place;
  const within = verb === 'add' && field !== undefined ? [...place.within, field.number] : place.within;
  const edit =
    verb === 'add' || field === undefined ? { add: toHex(values[0] ?? null) } : fieldEdit(verb, field, values);
  return { op: 'wire', path, arg: { in: isFramed ? 'frame' : 'message', within, edit } };
}

function fieldEdit(verb: string, field: FieldSchema, values: readonly Value[]): Json {
  const { number, type } = field;
  const [value = null] = values;
  if (verb === 'set' && !LENGTH_DELIMITED.includes(type))
    return { replace: number, with: varintField(number, toNumber(value)) };
  const name = verb === 'set' ? 'value' : verb.replace(/-([a-z])/, (_, letter: string) => letter.toUpperCase());
  return { [name]: number, ...(argumentOf(fieldVerbs[verb] ?? [], values) as JsonObject | undefined) };
}

function toInteger(value: Value): number {
  return Number(toNumber(value));
}
