// The notation of the fault tables: what is written is read again, and what is none is named by its column.
import fc from 'fast-check';
import t from 'tap';
import { changeOf } from '../../src/faults/change.ts';
import { Bytes, evaluate, fromJson, nowhere, toJson, type Value } from '../../src/faults/evaluate.ts';
import { type Expression, readExpression, readSteps, type Step } from '../../src/faults/notation.ts';

const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/).filter((one) => !['true', 'false', 'null'].includes(one));
const place = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('.'));
const leaf: fc.Arbitrary<Expression> = fc.oneof(
  fc.uint8Array({ maxLength: 8 }).map((bytes) => ({ kind: 'bytes' as const, hex: Buffer.from(bytes).toString('hex') })),
  fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => ({ kind: 'text' as const, text })),
  fc.bigInt(-(2n ** 64n), 2n ** 64n).map((number) => ({ kind: 'number' as const, number })),
  fc.constantFrom(true, false, null).map((value) => ({ kind: 'constant' as const, value })),
  place.map((one) => ({ kind: 'name' as const, name: one })),
);
const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('expression'), { maxLength: 3 }).map((items) => ({ kind: 'list' as const, items })),
    fc
      .array(fc.tuple(fc.string({ maxLength: 4 }), tie('expression')), { maxLength: 3 })
      .map((members) => ({ kind: 'object' as const, members })),
    fc
      .tuple(name, fc.array(tie('expression'), { maxLength: 3 }))
      .map(([called, args]) => ({ kind: 'call' as const, name: called, args })),
    fc.tuple(place, fc.nat(9), fc.option(fc.nat(9), { nil: undefined })).map(([whole, from, to]) => ({
      kind: 'slice' as const,
      whole: { kind: 'name' as const, name: whole },
      from,
      to,
    })),
    fc
      .tuple(fc.constantFrom('+' as const, '-' as const, '*' as const, '^' as const), leaf, leaf)
      .map(([operator, left, right]) => ({ kind: 'pair' as const, operator, left, right })),
  ),
}));
const step = fc.record<Step>({
  verb: fc.stringMatching(/^[a-z]{1,6}(-[a-z]{1,6})?$/),
  place,
  args: fc.array(expression, { maxLength: 3 }),
});

/** As a cell has it. */
function written(one: Expression): string {
  switch (one.kind) {
    case 'bytes':
      return `0x${one.hex}`;
    case 'text':
      return JSON.stringify(one.text);
    case 'number':
      return String(one.number);
    case 'constant':
      return String(one.value);
    case 'list':
      return `[${one.items.map(written).join(', ')}]`;
    case 'object':
      return `{${one.members.map(([member, value]) => `${JSON.stringify(member)}: ${written(value)}`).join(', ')}}`;
    case 'name':
      return one.name;
    case 'call':
      return `${one.name}(${one.args.map(written).join(', ')})`;
    case 'slice':
      return `${written(one.whole)}[${one.from}:${one.to ?? ''}]`;
    case 'pair':
      return `${written(one.left)}${one.operator}${written(one.right)}`;
  }
}

t.test('what is written is what is read', async (t) => {
  fc.assert(
    fc.property(expression, (one) => {
      t.same(readExpression(written(one)), one);
    }),
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 3 }), (steps) => {
      const text = steps.map(({ verb, place, args }) => [verb, place, ...args.map(written)].join(' ')).join('; ');
      t.same(readSteps(text), steps);
    }),
  );
});

t.test('any text is read, or refused with a column inside it', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      try {
        readSteps(text);
        return true;
      } catch (failure) {
        const column = Number(/^column (\d+): /.exec((failure as Error).message)?.[1]);
        return failure instanceof SyntaxError && column >= 1 && column <= text.length + 1;
      }
    }),
  );
});

t.test('a step is a change, or is refused with what is wrong', async () => {
  const anyVerb = fc.constantFrom('set', 'add', 'remove', 'flip', 'long-key', 'constructor', 'unheard-of');
  const anyPlace = fc.oneof(place, fc.constantFrom('in.bytes', 'frame', 'frame.pull.after', 'header', 'constructor'));
  fc.assert(
    fc.property(anyVerb, anyPlace, fc.array(expression, { maxLength: 3 }), (verb, where, args) => {
      try {
        return typeof changeOf({ verb, place: where, args }, nowhere).op === 'string';
      } catch (failure) {
        return ['SyntaxError', 'RangeError', 'TypeError'].includes((failure as Error).name);
      }
    }),
  );
});

t.test('what is no step is named by its column', async (t) => {
  for (const [text, message] of [
    ['', 'column 1: nothing stands in the place of a verb'],
    ['set', 'column 4: nothing stands in the place of a place'],
    ['set in.bytes 0x0', 'column 14: 0x0 stands in the place of a value'],
    ['set in.bytes ?', 'column 14: "?" begins no word of the notation'],
    ['set in.bytes "a', 'column 14: "\\"" begins no word of the notation'],
    ['set in.bytes "\\q"', 'column 14: "\\q" stands in the place of a text as in JSON'],
    ['set in.bytes [1, 2', 'column 19: nothing stands in the place of "]"'],
    ['set in.bytes {1: 2}', 'column 15: 1 stands in the place of the name of a member'],
    ['remove in.head; ', 'column 17: nothing stands in the place of a verb'],
  ] as const) {
    t.throws(() => readSteps(text), { name: 'SyntaxError', message }, text);
  }
});

t.test('values are computed, bytes and text apart', async (t) => {
  const scope = (called: string, args: readonly Value[]) => {
    if (called === 'in.link') return fromJson('0ksync:abc');
    return called === 'twice' ? args.map((one) => [one, one]) : undefined;
  };
  for (const [text, value] of [
    ['2^53-1', 9007199254740991n],
    ['19*1024+1', 19457n],
    ['-16', -16n],
    ['0x00*3 + 0xff', new Bytes('000000ff')],
    ['"a"*3 + ":1"', 'aaa:1'],
    ['"ä" + 0x00', new Bytes('c3a400')],
    ['in.link[7:] + in.link[:2]', 'abc0k'],
    ['0x00112233[1:3]', new Bytes('1122')],
    ['{"a": [true, null], "b": twice(1)}', { a: [true, null], b: [[1n, 1n]] }],
  ] as const) {
    t.same(evaluate(readExpression(text), scope), value, text);
  }
  t.same(toJson({ a: [new Bytes('ff'), 2n] }), { a: ['ff', 2] });
  for (const text of ['"a"-1', '1 + "a"', '[1] * 2', 'nobody', '2 ^ 0x02', 'in.link[0:][0:] * in.link'])
    t.throws(() => evaluate(readExpression(text), scope), TypeError, text);
});

t.test('steps become the mutations of vectors', async (t) => {
  const wire = (within: readonly number[], edit: object) => ({ in: 'frame', within, edit });
  for (const [text, change] of [
    ['remove in.head', { op: 'remove', path: 'in.head' }],
    ['flip in.bytes -1 128', { op: 'flip', path: 'in.bytes', arg: { at: -1, mask: 128 } }],
    ['overwrite in.bytes 0 0x05', { op: 'overwrite', path: 'in.bytes', arg: { at: 0, with: '05' } }],
    ['set now_ms 7', { op: 'set', path: 'now_ms', arg: 7 }],
    ['set in.head {"hash": 0x00}', { op: 'set', path: 'in.head', arg: { hash: '00' } }],
    ['add frame 0xff', { op: 'wire', path: 'in.bytes', arg: wire([], { add: 'ff' }) }],
    ['add frame.push.items 0xff', { op: 'wire', path: 'in.bytes', arg: wire([3, 1], { add: 'ff' }) }],
    ['set frame.pull.bytes_max 300', { op: 'wire', path: 'in.bytes', arg: wire([8], { replace: 3, with: '18ac02' }) }],
    ['set frame.error.detail "ä"', { op: 'wire', path: 'in.bytes', arg: wire([7], { value: 2, with: 'c3a4' }) }],
    ['long-key frame.pull', { op: 'wire', path: 'in.bytes', arg: wire([], { longKey: 8 }) }],
    ['length frame.pull 9', { op: 'wire', path: 'in.bytes', arg: wire([], { length: 8, declared: 9 }) }],
    ['last header.version', { op: 'wire', path: 'header', arg: { in: 'message', within: [], edit: { last: 1 } } }],
    ['set header 0x', { op: 'set', path: 'header', arg: '' }],
    ['extend padded 0x00', { op: 'extend', path: 'padded', arg: '00' }],
  ] as const) {
    t.same(
      readSteps(text).map((one) => changeOf(one, nowhere)),
      [change],
      text,
    );
  }
});
