import t from 'tap';
import { LineSplitter } from '../../src/zkcp/lines.ts';

const TEXT = Buffer.from('one\n\nzwölf\n');

t.test('lines come out whole, however the bytes come in', async (t) => {
  for (const size of [TEXT.length, 3, 1]) {
    const splitter = new LineSplitter(() => 100);
    const lines: string[] = [];
    for (let at = 0; at < TEXT.length; at += size) lines.push(...splitter.push(TEXT.subarray(at, at + size)));
    t.strictSame(lines, ['one', '', 'zwölf'], `${size} bytes at a time`);
  }
});

t.test('a line of the most bytes is taken, one more is not, with or without its end', async (t) => {
  t.strictSame([...new LineSplitter(() => 3).push(Buffer.from('abc\n'))], ['abc']);
  t.throws(() => [...new LineSplitter(() => 3).push(Buffer.from('abcd\n'))], RangeError);
  t.throws(() => [...new LineSplitter(() => 3).push(Buffer.from('abcd'))], RangeError);
});

t.test('bytes that are no UTF-8 are not guessed at', async (t) => {
  t.throws(() => [...new LineSplitter(() => 3).push(Uint8Array.of(0xc3, 0x0a))], TypeError);
});
