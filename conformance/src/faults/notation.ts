// The notation of a cell that changes something: `set frame.pull.bytes_max 2^32; extend in.bytes 0x00`.

/** A written value, before it is evaluated. */
export type Expression =
  | { readonly kind: 'bytes'; readonly hex: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly number: bigint }
  | { readonly kind: 'constant'; readonly value: boolean | null }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [name: string, value: Expression])[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'slice'; readonly whole: Expression; readonly from: number; readonly to: number | undefined }
  | { readonly kind: 'pair'; readonly operator: Operator; readonly left: Expression; readonly right: Expression };

export type Operator = '+' | '-' | '*' | '^';

/** One change: its verb, its place and its arguments. */
export interface Step {
  readonly verb: string;
  readonly place: string;
  readonly args: readonly Expression[];
}

interface Token {
  readonly kind: 'bytes' | 'text' | 'number' | 'name' | 'sign' | 'end';
  readonly text: string;
  /** Index in the cell, from 0. */
  readonly at: number;
  /** White space stands in front. */
  readonly isApart: boolean;
}

const TOKENS =
  /\s*(?:(?<bytes>0x[0-9a-f]*)|(?<text>"(?:[^"\\]|\\.)*")|(?<number>\d[\d_]*)|(?<name>[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)|(?<sign>[-+*^;:,()[\]{}]))/uy;
const VERB = /^[a-z-]+$/;
const PRECEDENCE: readonly (readonly Operator[])[] = [['+', '-'], ['*'], ['^']];
const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** Reads steps, divided by semicolons. Throws SyntaxError with the column. */
export function readSteps(text: string): readonly Step[] {
  const reader = new Reader(text);
  const steps = [reader.step()];
  while (reader.takes(';')) steps.push(reader.step());
  reader.expectEnd();
  return steps;
}

/** Reads one value. Throws SyntaxError with the column. */
export function readExpression(text: string): Expression {
  const reader = new Reader(text);
  const value = reader.expression();
  reader.expectEnd();
  return value;
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let end = 0;
  while (text.slice(end).trim() !== '') {
    TOKENS.lastIndex = end;
    const match = TOKENS.exec(text);
    const [kind, found] = Object.entries(match?.groups ?? {}).find(([, value]) => value !== undefined) ?? [];
    if (match === null || kind === undefined || found === undefined) {
      const at = end + text.slice(end).search(/\S/);
      throw new SyntaxError(`column ${at + 1}: ${JSON.stringify(text.charAt(at))} begins no word of the notation`);
    }
    const at = match.index + match[0].length - found.length;
    tokens.push({ kind: kind as Token['kind'], text: found, at, isApart: at > end });
    end = TOKENS.lastIndex;
  }
  return [...tokens, { kind: 'end', text: '', at: text.length, isApart: true }];
}

class Reader {
  readonly #tokens: readonly Token[];
  #index = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  step(): Step {
    const verb = this.#verb();
    const place = this.#take('name', 'a place').text;
    const args: Expression[] = [];
    while (this.#next.kind !== 'end' && this.#next.text !== ';') args.push(this.expression());
    return { verb, place, args };
  }

  expression(level = 0): Expression {
    const operators = PRECEDENCE[level];
    if (operators === undefined) return this.#sliced(this.#atom());
    let left = this.expression(level + 1);
    for (let operator = this.#operator(operators); operator !== undefined; operator = this.#operator(operators)) {
      left = { kind: 'pair', operator, left, right: this.expression(level + 1) };
    }
    return left;
  }

  takes(sign: string): boolean {
    const isThere = this.#next.kind === 'sign' && this.#next.text === sign;
    if (isThere) this.#index += 1;
    return isThere;
  }

  expectEnd(): void {
    this.#take('end', 'the end');
  }

  /** A word, or several joined by hyphens. */
  #verb(): string {
    const first = this.#take('name', 'a verb');
    let verb = first.text;
    while (!this.#next.isApart && this.takes('-')) verb += `-${this.#take('name', 'a verb').text}`;
    if (!VERB.test(verb)) throw this.#unexpected('a verb', first);
    return verb;
  }

  get #next(): Token {
    return this.#tokens[this.#index] as Token;
  }

  /** A minus apart from what follows it is none: `flip in.sig 0 -1` has two arguments. */
  #operator(operators: readonly Operator[]): Operator | undefined {
    const { kind, text, isApart } = this.#next;
    const operator = operators.find((one) => kind === 'sign' && one === text);
    if (operator === undefined || (operator === '-' && isApart)) return undefined;
    this.#index += 1;
    return operator;
  }

  #atom(): Expression {
    if (this.takes('-')) return { kind: 'number', number: -numberOf(this.#take('number', 'a number').text) };
    if (this.takes('[')) return { kind: 'list', items: this.#until(']', () => this.expression()) };
    if (this.takes('{')) return { kind: 'object', members: this.#until('}', () => this.#member()) };
    const token = this.#next;
    this.#index += 1;
    if (token.kind === 'bytes' && token.text.length % 2 === 0) return { kind: 'bytes', hex: token.text.slice(2) };
    if (token.kind === 'text') return { kind: 'text', text: this.#string(token) };
    if (token.kind === 'number') return { kind: 'number', number: numberOf(token.text) };
    if (token.kind !== 'name') throw this.#unexpected('a value', token);
    const constant = CONSTANTS.get(token.text);
    if (constant !== undefined) return { kind: 'constant', value: constant };
    if (!this.takes('(')) return { kind: 'name', name: token.text };
    return { kind: 'call', name: token.text, args: this.#until(')', () => this.expression()) };
  }

  #member(): readonly [string, Expression] {
    const name = this.#string(this.#take('text', 'the name of a member'));
    this.#expect(':');
    return [name, this.expression()];
  }

  /** `whole[from:to]`, each end where it is left out. */
  #sliced(whole: Expression): Expression {
    if (this.#next.isApart || !this.takes('[')) return whole;
    const from = this.#next.kind === 'number' ? Number(this.#take('number', 'an index').text) : 0;
    this.#expect(':');
    const to = this.#next.kind === 'number' ? Number(this.#take('number', 'an index').text) : undefined;
    this.#expect(']');
    return this.#sliced({ kind: 'slice', whole, from, to });
  }

  #until<Item>(sign: string, item: () => Item): readonly Item[] {
    const items: Item[] = [];
    if (this.takes(sign)) return items;
    do items.push(item());
    while (this.takes(','));
    this.#expect(sign);
    return items;
  }

  #expect(sign: string): void {
    if (!this.takes(sign)) throw this.#unexpected(`"${sign}"`, this.#next);
  }

  #take(kind: Token['kind'], what: string): Token {
    const token = this.#next;
    if (token.kind !== kind) throw this.#unexpected(what, token);
    this.#index += 1;
    return token;
  }

  #string(token: Token): string {
    try {
      return JSON.parse(token.text) as string;
    } catch {
      throw this.#unexpected('a text as in JSON', token);
    }
  }

  #unexpected(what: string, { text, at }: Token): SyntaxError {
    return new SyntaxError(`column ${at + 1}: ${text === '' ? 'nothing' : text} stands in the place of ${what}`);
  }
}

function numberOf(digits: string): bigint {
  return BigInt(digits.replaceAll('_', ''));
}
