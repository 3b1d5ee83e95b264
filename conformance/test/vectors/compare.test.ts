import t from 'tap';
import { firstDifference } from '../../src/vectors/compare.ts';

t.test('equal JSON has no difference, whatever the order of members', async (t) => {
  t.equal(firstDifference({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 }), undefined);
});

t.test('the first difference is named by its path', async (t) => {
  t.strictSame(firstDifference({ a: { b: 1 } }, { a: { b: 2 } }, 'ok'), { path: 'ok.a.b', expected: 1, actual: 2 });
  t.strictSame(firstDifference({ a: [1, 2] }, { a: [1] }), { path: 'a.1', expected: 2, actual: undefined });
  t.strictSame(firstDifference({}, { a: 1 }), { path: 'a', expected: undefined, actual: 1 });
});

t.test('types are part of the value', async (t) => {
  for (const [one, other] of [
    [1, '1'],
    [[], {}],
    [null, {}],
    [0, false],
    [{ length: 0 }, []],
  ])
    t.ok(firstDifference({ a: one }, { a: other }), `${JSON.stringify(one)} and ${JSON.stringify(other)}`);
});

t.test('inherited members are no members', async (t) => {
  t.ok(firstDifference({ toString: 'x' }, {}));
});
