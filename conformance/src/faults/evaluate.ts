import type { Json } from './json.ts';
import type { Expression, Operator } from './notation.ts';

/** Bytes, in lowercase hexadecimal: a kind of value apart from text. */
export class Bytes {
  readonly hex: string;

  constructor(hex: string) {
    this.hex = hex;
  }
}

export type Value = Bytes | bigint | boolean | null | string | readonly Value[] | { readonly [name: string]: Value };

/** Maps a name to its value in a cell; undefined for an unknown name. */
export type Scope = (name: string, args: readonly Value[]) => Value | undefined;

/** A scope without names, for cells that say all by themselves. */
export const nowhere: Scope = () => undefined;

/** The value of an expression. Throws TypeError where it has none. */
export function evaluate(expression: Expression, scope: Scope): Value {
  const inner = (one: Expression) => evaluate(one, scope);
  switch (expression.kind) {
    case 'bytes':
      return new Bytes(expression.hex);
    case 'text':
      return expression.text;
    case 'number':
      return expression.number;
    case 'constant':
      return expression.value;
    case 'list':
      return expression.items.map(inner);
    case 'object':
      return Object.fromEntries(expression.members.map(([name, value]) => [name, inner(value)]));
    case 'name':
      return known(scope, expression.name, []);
    case 'call':
      return known(scope, expression.name, expression.args.map(inner));
    case 'slice':
      return slice(inner(expression.whole), expression.from, expression.to);
    case 'pair':
      return combine(expression.operator, inner(expression.left), inner(expression.right));
  }
}

/** Writes a value as vectors do: bytes as hexadecimal text, numbers as JSON numbers. */
export function toJson(value: Value): Json {
  if (value instanceof Bytes) return value.hex;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(toJson);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, toJson(inner)]));
}

/** Turns a value of JSON into a value of the notation. */
export function fromJson(json: Json): Value {
  if (typeof json === 'number') return BigInt(json);
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map(fromJson);
  return Object.fromEntries(Object.entries(json).map(([name, inner]) => [name, fromJson(inner)]));
}

/** The hexadecimal of bytes, or of a text in UTF-8. */
export function toHex(value: Value): string {
  if (value instanceof Bytes) return value.hex;
  if (typeof value === 'string') return Buffer.from(value, 'utf8').toString('hex');
  throw new TypeError(`${said(value)} is neither bytes nor text`);
}

export function toNumber(value: Value): bigint {
  if (typeof value === 'bigint') return value;
  throw new TypeError(`${said(value)} is no number`);
}

export function toText(value: Value): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`${said(value)} is no text`);
}

function known(scope: Scope, name: string, args: readonly Value[]): Value {
  const value = scope(name, args);
  if (value === undefined) throw new TypeError(`nothing is called ${name} here`);
  return value;
}

function slice(whole: Value, from: number, to: number | undefined): Value {
  if (whole instanceof Bytes) return new Bytes(whole.hex.slice(2 * from, to === undefined ? undefined : 2 * to));
  return toText(whole).slice(from, to);
}

function combine(operator: Operator, left: Value, right: Value): Value {
  if (operator === '-') return toNumber(left) - toNumber(right);
  if (operator === '^') return toNumber(left) ** toNumber(right);
  if (operator === '*') return times(left, toNumber(right));
  if (typeof left === 'bigint') return left + toNumber(right);
  if (typeof left === 'string' && typeof right === 'string') return left + right;
  return new Bytes(toHex(left) + toHex(right));
}

function times(value: Value, count: bigint): Value {
  if (typeof value === 'bigint') return value * count;
  if (value instanceof Bytes) return new Bytes(value.hex.repeat(Number(count)));
  return toText(value).repeat(Number(count));
}

function said(value: Value): string {
  return JSON.stringify(toJson(value));
}
