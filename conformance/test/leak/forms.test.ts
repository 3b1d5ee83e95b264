import { randomBytes } from 'node:crypto';
import { concat, toHex, utf8, zBase32 } from '@0k-sync/core/bytes';
import fc from 'fast-check';
import t from 'tap';
import { type Form, formsOf } from '../../src/leak/forms.ts';
import { findLeaks } from '../../src/leak/search.ts';

const secret = fc.uint8Array({ minLength: 12, maxLength: 64 });
const around = fc.uint8Array({ maxLength: 9 });

/** The text of each encoding for a secret that stands inside something longer. */
const writers: Readonly<Record<Form['name'], (bytes: Uint8Array) => Uint8Array>> = {
  raw: (bytes) => bytes,
  'utf-16': (bytes) => new Uint8Array(Buffer.from(Buffer.from(bytes).toString('latin1'), 'utf16le')),
  hex: (bytes) => utf8(toHex(bytes)),
  base64: (bytes) => utf8(Buffer.from(bytes).toString('base64')),
  base64url: (bytes) => utf8(Buffer.from(bytes).toString('base64url')),
  'z-base-32': (bytes) => utf8(zBase32(bytes)),
  numbers: (bytes) => utf8(JSON.stringify([...bytes])),
};

for (const [form, write] of Object.entries(writers)) {
  t.test(`SC-23 a secret is found in ${form}, wherever it begins and whatever stands around it`, async (t) => {
    const canaryOf = (bytes: Uint8Array) => [{ name: 'canary', secret: bytes }];
    fc.assert(
      fc.property(secret, around, around, (bytes, before, after) => {
        const content = write(concat(before, bytes, after));
        const leaks = findLeaks([{ name: 'place', content }], canaryOf(bytes));
        return leaks.some((leak) => leak.form === form && leak.place === 'place');
      }),
    );
    t.strictSame(findLeaks([{ name: 'place', content: write(randomBytes(256)) }], canaryOf(randomBytes(16))), []);
  });
}

t.test('SC-23 a canary that may occur by chance is refused', async (t) => {
  t.throws(() => formsOf(new Uint8Array(11)), RangeError);
});
