import t from 'tap';
import { emitSchema } from '../compile/emit-schema.ts';
import { collectDefects, formatDefects } from '../compile/report.ts';

function emit(body: string): { text: string; defects: string[] } {
  const { defects, report } = collectDefects();
  const text = `syntax = "proto3";\npackage zerok.sync.v1;\n${body}\n`;
  const output = emitSchema([{ file: 'proto/a.proto', text }], new Map([['NAME_BYTES_MAX', 64]]), report);
  return { text: output.text, defects: formatDefects(defects) };
}

t.test('WI-18 lengths come from the comments of fields', async (t) => {
  const { text, defects } = emit(`message Pull {
  // 24 random bytes. EN-10.
  bytes nonce = 1;
  // 32 bytes or empty.
  bytes hash = 2;
  // At most NAME_BYTES_MAX bytes of UTF-8.
  string name = 3;
  uint64 cursor = 4;
}
message Subscribe {
  // As in Pull.
  bytes hash = 1;
}`);
  t.strictSame(defects, []);
  t.match(text, '{"number":1,"name":"nonce","type":"bytes","length":24}');
  t.match(text, '{"number":2,"name":"hash","type":"bytes","length":32,"mayBeEmpty":true}');
  t.match(text, '{"number":3,"name":"name","type":"string","lengthMax":64}');
  t.match(text, '{"number":4,"name":"cursor","type":"uint64"}');
  t.match(text, '{"number":1,"name":"hash","type":"bytes","length":32,"mayBeEmpty":true}');
});

t.test('WI-20 a message field is required unless its comment says when it is present', async (t) => {
  const { text } = emit(`message A {}
message B {
  A always = 1;
  // With REFUSED.
  A sometimes = 2;
  oneof body { A member = 3; }
  optional string free = 4;
}`);
  t.match(text, '"name":"always","type":"message","message":"A","required":true}');
  t.match(text, '"name":"sometimes","type":"message","message":"A"}');
  t.match(text, '"name":"member","type":"message","message":"A","oneof":"body"}');
  t.match(text, '"name":"free","type":"string","isOptional":true}');
});

t.test('WI-17 what the walk has no rule for is a defect', async (t) => {
  const { defects } = emit(`message A {
  repeated string words = 1;
  sint32 signed = 2;
  // At most OTHER_MAX bytes.
  string limited = 3;
}`);
  t.strictSame(defects, [
    'proto/a.proto:4: the repeated field A.words has no item limit',
    'proto/a.proto:5: the wire walk has no rule for sint32 A.signed',
    'proto/a.proto:7: the comment of limited names the limit OTHER_MAX, which is in no table',
  ]);
});
