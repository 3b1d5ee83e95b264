// The mutators and the generator's own parts, each by hand.
import { hexToBytes } from '@noble/hashes/utils.js';
import t from 'tap';
import { labelled } from '../generate/kit/labelled.ts';
import { padme } from '../generate/kit/padding.ts';
import { zBase32 } from '../generate/kit/text.ts';
import { encode, frameBytes, varint } from '../generate/kit/wire.ts';
import type { Json } from '../generate/model.ts';
import { mutate } from '../src/faults/mutate.ts';
import { type Edit, editWire } from '../src/faults/mutate-wire.ts';

const source = { in: { bytes: '00112233', list: ['a', 'b', 'c'], text: 'Text' }, now_ms: 5 };
const other = { in: { bytes: 'ff', list: [], text: '' } };

function changed(op: string, path: string, arg?: Json): Json {
  const result = mutate(source, { op, path, ...(arg !== undefined && { arg }) }, () => other);
  return path
    .split('.')
    .reduce<Json>((value, name) => (value as { [name: string]: Json })[name] ?? null, result as unknown as Json);
}

t.test('mutators of bytes, lists and texts', async (t) => {
  for (const [op, path, arg, expected] of [
    ['set', 'in.bytes', '44', '44'],
    ['set', 'now_ms', 7, 7],
    ['remove', 'in.bytes', undefined, null],
    ['splice', 'in.bytes', 'other', 'ff'],
    ['flip', 'in.bytes', { at: 1 }, '00102233'],
    ['flip', 'in.bytes', { at: -1, mask: 128 }, '001122b3'],
    ['truncate', 'in.bytes', 1, '00'],
    ['truncate', 'in.bytes', -1, '001122'],
    ['extend', 'in.bytes', 'aa', '00112233aa'],
    ['prepend', 'in.bytes', 'aa', 'aa00112233'],
    ['overwrite', 'in.bytes', { at: 1, with: 'aabb' }, '00aabb33'],
    ['overwrite', 'in.bytes', { at: -1, with: 'aa' }, '001122aa'],
    ['append', 'in.list', 'd', ['a', 'b', 'c', 'd']],
    ['reorder', 'in.list', [2, 0, 0], ['c', 'a', 'a']],
    ['repeat', 'in.list', 2, ['a', 'b', 'c', 'c', 'c']],
    ['set', 'in.list.1', 'x', 'x'],
    ['text-overwrite', 'in.text', { at: 1, with: 'o' }, 'Toxt'],
    ['text-truncate', 'in.text', 2, 'Te'],
    ['text-extend', 'in.text', '!', 'Text!'],
    ['text-prepend', 'in.text', '!', '!Text'],
    ['text-upper-case', 'in.text', undefined, 'TEXT'],
    ['text-swap', 'in.text', 1, 'Txet'],
  ] as const) {
    t.same(changed(op, path, arg as Json), expected, `${op} ${path}`);
  }
  t.same(mutate(source, { op: 'remove', path: 'in.list.1' }, () => other).in['list'], ['a', 'c']);
  t.equal(source.in.bytes, '00112233', 'the twin stays as it is');
  t.throws(() => mutate(source, { op: 'unheard-of', path: 'in.bytes' }, () => other), TypeError);
});

t.test('wire edits put every length around them right', async (t) => {
  // Pull {after 3, bytes_max 300} in a Frame with request id 1.
  const frame = Buffer.from(frameBytes({ request_id: 1, pull: { after: '3', bytes_max: 300 } })).toString('hex');
  t.equal(frame, '09080142050803' + '18ac02');
  const edited = (edit: Edit, within = [8]) => editWire(frame, { in: 'frame', within, edit });
  t.equal(edited({ duplicate: 1 }), '0b08014207080318ac020803');
  t.equal(edited({ remove: 3 }), '06080142020803');
  t.equal(edited({ last: 1 }), '090801420518ac020803');
  t.equal(edited({ add: 'f80105' }), '0c08014208080318ac02f80105');
  t.equal(edited({ replace: 1, with: '0804' }), '0908014205080418ac02');
  t.equal(edited({ insert: 2, with: '1001' }), '0b08014207080310' + '0118ac02');
  t.equal(edited({ insert: 9, with: '4801' }), '0b080142070803' + '18ac024801');
  t.equal(edited({ value: 8, with: 'ff' }, []), '0508014201ff');
  t.equal(edited({ repeat: 1, times: 2 }), '0d080142090803080308' + '0318ac02');
  t.equal(edited({ longKey: 1 }), '0a0801420688000318ac02');
  t.equal(edited({ longValue: 1 }), '0a0801420608830018ac02');
  t.equal(edited({ longLength: 8 }, []), '0a08014285000803' + '18ac02');
  t.equal(edited({ length: 8, declared: 6 }, []), '0908014206080318ac02');
  t.throws(() => edited({ remove: 9 }), RangeError);
});

t.test('the second codec writes canonical Protocol Buffers', async (t) => {
  t.same(varint(2n ** 53n - 1n), hexToBytes('ffffffffffffff0f'));
  t.same(encode('Ack', { cursor: 2n ** 53n - 1n }), hexToBytes('08ffffffffffffff0f'));
  t.same(encode('Ack', { cursor: '300' }), hexToBytes('08ac02'));
  t.throws(() => encode('Ack', { unheard_of: 1 }), TypeError);
});

t.test('EN-14 OV-03 padding and text of the generator are those of the spec', async (t) => {
  t.same([2, 8, 9, 256, 257, 1000].map(padme), [2, 8, 10, 256, 272, 1024]);
  t.equal(zBase32(new Uint8Array(32)), 'y'.repeat(52));
  t.equal(zBase32(Uint8Array.of(0xff)), '9h');
});

t.test('random values are labelled hashes', async (t) => {
  t.same(labelled('a/b/c', 'key'), labelled('a/b/c', 'key'));
  t.notSame(labelled('a/b/c', 'key'), labelled('a/b/d', 'key'));
  t.equal(labelled('a/b/c', 'key', 100).length, 100);
  t.equal(labelled('a/b/c', 'key', 0).length, 0);
});
