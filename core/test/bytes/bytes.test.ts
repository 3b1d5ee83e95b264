import {
  concat,
  equal,
  fromHex,
  readKey,
  readZBase32,
  toHex,
  u32,
  u64,
  utf8,
  wipe,
  zBase32,
} from '@0k-sync/core/bytes';
import fc from 'fast-check';
import t from 'tap';

const some = fc.uint8Array({ maxLength: 80 });
const key = fc.uint8Array({ minLength: 32, maxLength: 32 });

t.test('OV-01 integers are big-endian', async (t) => {
  t.strictSame(u32(0x01020304), Uint8Array.of(1, 2, 3, 4));
  t.strictSame(u32(0xffffffff), new Uint8Array(4).fill(255));
  t.strictSame(u64(0x0102030405060708n), Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  t.strictSame(u64(2n ** 53n - 1n), Uint8Array.of(0, 31, 255, 255, 255, 255, 255, 255));
});

t.test('OV-06 equal says whether two byte strings are the same', async (t) => {
  t.ok(equal(new Uint8Array(0), new Uint8Array(0)));
  t.notOk(equal(Uint8Array.of(1), Uint8Array.of(1, 0)));
  fc.assert(fc.property(some, some, (a, b) => equal(a, b) === (toHex(a) === toHex(b)) && equal(a, a.slice())));
});

t.test('OV-06 equal reads every byte, wherever the first difference is', async (t) => {
  const secret = new Uint8Array(32).fill(7);
  const readsOf = (guess: Uint8Array): number => {
    let reads = 0;
    const get = (target: Uint8Array, name: string | symbol): unknown => {
      if (/^\d+$/.test(String(name))) reads += 1;
      return Reflect.get(target, name);
    };
    equal(new Proxy(secret, { get }), guess);
    return reads;
  };
  for (const at of [0, 15, 31]) t.equal(readsOf(secret.with(at, 8)), 32);
  t.equal(readsOf(secret), 32);
});

t.test('GR-11 wipe overwrites in place, and passes over what is absent', async (t) => {
  const secret = Uint8Array.of(1, 2, 3);
  wipe(secret, undefined);
  t.strictSame(secret, new Uint8Array(3));
});

t.test('concat copies its parts one behind the other', async (t) => {
  const part = Uint8Array.of(1, 2);
  const joined = concat(part, new Uint8Array(0), Uint8Array.of(3));
  t.strictSame(joined, Uint8Array.of(1, 2, 3));
  part.fill(9);
  t.strictSame(joined, Uint8Array.of(1, 2, 3));
  t.strictSame(concat(), new Uint8Array(0));
  t.strictSame(utf8('é'), Uint8Array.of(0xc3, 0xa9));
});

t.test('OV-03 hexadecimal round-trips in either case; anything else is undefined', async (t) => {
  fc.assert(fc.property(some, (bytes) => equal(fromHex(toHex(bytes).toUpperCase()) ?? utf8('-'), bytes)));
  t.match(toHex(Uint8Array.of(0, 0xab, 0x0f)), /^00ab0f$/);
  for (const text of ['a', 'abc', 'zz', ' 00', '00 ', '0x00', '-1', '00\n']) t.equal(fromHex(text), undefined, text);
});

t.test('OV-03 a key is 52 characters of z-base-32', async (t) => {
  t.equal(zBase32(new Uint8Array(32)), 'y'.repeat(52));
  t.equal(zBase32(new Uint8Array(32).fill(255)), `${'9'.repeat(51)}o`);
  fc.assert(
    fc.property(key, (key) => zBase32(key).length === 52 && equal(readZBase32(zBase32(key)) ?? utf8('-'), key)),
  );
});

t.test('PA-01 z-base-32 round-trips at any length, most significant bit first', async (t) => {
  t.equal(zBase32(Uint8Array.of(0xf0, 0xbf, 0xc7)), '6n9hq');
  t.equal(zBase32(Uint8Array.of(0xd4, 0x7a, 0x04)), '4t7ye');
  fc.assert(
    fc.property(some, (bytes) => {
      const text = zBase32(bytes);
      return (
        text.length === Math.ceil((bytes.length * 8) / 5) && equal(readZBase32(text.toUpperCase()) ?? utf8('-'), bytes)
      );
    }),
  );
});

t.test('PA-01 one text for each byte string: trailing bits, other characters and lengths are refused', async (t) => {
  for (const text of ['yb', 'v', 'y', 'yyl', 'y y', 'yyy', '6n9h', '6n9hqy', 'yy2', 'ÿÿ']) {
    t.equal(readZBase32(text), undefined, text);
  }
  const text = zBase32(new Uint8Array(32).fill(255));
  for (const last of '9aebnr') t.equal(readZBase32(text.slice(0, -1) + last), undefined, `${last} has trailing bits`);
  fc.assert(
    fc.property(fc.string({ maxLength: 30 }), (text) => {
      const bytes = readZBase32(text);
      return bytes === undefined || zBase32(bytes) === text.toLowerCase();
    }),
  );
});

t.test('OV-03 a key is 52 characters of lower-case z-base-32, or 64 of hexadecimal in either case', async (t) => {
  const isRead = (bytes: Uint8Array, text: string) => equal(readKey(text) ?? utf8('-'), bytes);
  fc.assert(
    fc.property(key, (bytes) =>
      [zBase32(bytes), toHex(bytes), toHex(bytes).toUpperCase()].every((text) => isRead(bytes, text)),
    ),
  );
  const text = 'y'.repeat(52);
  const wrong = ['', text.slice(1), `${text}y`, `${text} `, `${text.slice(1)}b`, text.toUpperCase()];
  for (const one of [...wrong, '0'.repeat(63), `${'0'.repeat(63)}x`]) t.equal(readKey(one), undefined, one);
});
