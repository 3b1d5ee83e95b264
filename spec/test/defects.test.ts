import t from 'tap';
import { check, compile } from '../compile/compile.ts';
import { formatDefects } from '../compile/report.ts';
import { machineDefects } from './defects-machines.ts';
import { referenceDefects } from './defects-references.ts';
import { tableDefects } from './defects-tables.ts';
import { editGood, good } from './fixture.ts';

t.test('the good tree has no defect', async (t) => {
  t.strictSame(check(good).defects, []);
});

for (const { name, expected, ...edit } of [...tableDefects, ...referenceDefects, ...machineDefects]) {
  t.test(`defect: ${name}`, async (t) => {
    const { outputs, defects } = compile(editGood(edit));
    t.strictSame(formatDefects(defects), expected);
    t.strictSame(outputs, [], 'nothing is emitted');
  });
}

t.test('a missing runtime of the wire types is a defect of package.json', async (t) => {
  const edit = { file: 'package.json', find: '@bufbuild/protobuf', replace: '@bufbuild/protoplugin' };
  const { outputs, defects } = compile(editGood(edit));
  t.strictSame(formatDefects(defects), [
    'package.json:1: no development dependency on @bufbuild/protobuf, which the wire types need',
  ]);
  t.strictSame(outputs, []);
});
