import { concat, toHex } from '@0k-sync/core/bytes';
import { type CpaceMessages, cpaceGenerator, cpaceKeys, cpaceShare, cpaceTag } from '@0k-sync/core/code';
import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import t from 'tap';
import { bytes, flipped, providers, readVectors } from '../crypto/providers.ts';

interface Published {
  readonly password: string;
  readonly channel: string;
  readonly sid: string;
  readonly generator: string;
  readonly scalar_a: string;
  readonly ad_a: string;
  readonly share_a: string;
  readonly scalar_b: string;
  readonly ad_b: string;
  readonly share_b: string;
  readonly shared: string;
  readonly isk_ir: string;
  readonly valid: { readonly scalar: string; readonly point: string; readonly product: string };
  readonly invalid: readonly string[];
}

const published = readVectors<Published>('crypto/cpace-ristretto255');
const context = {
  password: bytes(published.password),
  channel: bytes(published.channel),
  sid: bytes(published.sid),
};
const initiator = { share: bytes(published.share_a), data: bytes(published.ad_a) };
const responder = { share: bytes(published.share_b), data: bytes(published.ad_b) };
const scalars = { initiator: bytes(published.scalar_a), responder: bytes(published.scalar_b) } as const;

for (const [name, crypto] of providers) {
  t.test(`CO-10 SC-21 ${name}: generator, shares and key of the draft`, async (t) => {
    t.equal(toHex(cpaceGenerator(crypto, context)), published.generator);
    t.equal(toHex(cpaceShare(crypto, context, scalars.initiator) ?? new Uint8Array(0)), published.share_a);
    t.equal(toHex(cpaceShare(crypto, context, scalars.responder) ?? new Uint8Array(0)), published.share_b);
    t.equal(toHex(crypto.ristrettoMultiply(scalars.initiator, responder.share) ?? new Uint8Array(0)), published.shared);
    for (const own of ['initiator', 'responder'] as const) {
      const keys = cpaceKeys(crypto, context, scalars[own], { initiator, responder, own });
      t.equal(toHex(keys?.key ?? new Uint8Array(0)), published.isk_ir, own);
    }
  });

  t.test(`CO-13 SC-21 ${name}: the draft's points, valid and invalid`, async (t) => {
    const { valid, invalid } = published;
    t.equal(
      toHex(crypto.ristrettoMultiply(bytes(valid.scalar), bytes(valid.point)) ?? new Uint8Array(0)),
      valid.product,
    );
    for (const point of invalid) {
      t.equal(crypto.ristrettoMultiply(bytes(valid.scalar), bytes(point)), undefined, point);
      const messages = { initiator, responder: { ...responder, share: bytes(point) }, own: 'initiator' } as const;
      t.equal(cpaceKeys(crypto, context, scalars.initiator, messages), undefined, point);
    }
  });

  t.test(`CO-12 CO-13 ${name}: scalars, and encodings that are no element`, async (t) => {
    const { share } = responder;
    const wide = new Uint8Array(64);
    wide.set(scalars.initiator);
    const product = crypto.ristrettoMultiply(scalars.initiator, share);
    t.strictSame(crypto.ristrettoMultiply(wide, share), product, 'the same number in 64 bytes');
    const order = bytes('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');
    t.equal(crypto.ristrettoMultiply(order, share), undefined, 'zero modulo the order');
    t.strictSame(crypto.ristrettoMultiply(flipped(order, 0, 3), share), share, 'the order and one');
    t.throws(() => crypto.ristrettoMultiply(new Uint8Array(33), share), RangeError);
    for (const wrong of [
      share.subarray(1),
      concat(share, Uint8Array.of(0)),
      flipped(share, 31, 0x80),
      flipped(share, 0),
    ])
      t.equal(crypto.ristrettoMultiply(scalars.initiator, wrong), undefined, toHex(wrong));
  });
}

const [[, crypto] = []] = providers;
if (crypto === undefined) throw new RangeError('there is no provider');

function keysOf(messages: CpaceMessages) {
  return cpaceKeys(crypto as NonNullable<typeof crypto>, context, scalars[messages.own], messages);
}

t.test('CO-13 an end whose own share comes back ends the run', async (t) => {
  t.equal(keysOf({ initiator, responder: { ...responder, share: initiator.share }, own: 'initiator' }), undefined);
  t.equal(keysOf({ initiator: { ...initiator, share: responder.share }, responder, own: 'responder' }), undefined);
});

t.test('CO-10 CO-14 CO-15 sid, shares and associated data are in the key, and each end has its own tag', async (t) => {
  const keys = keysOf({ initiator, responder, own: 'initiator' });
  if (keys === undefined) throw new RangeError('no keys');
  const { key, macKey } = keys;
  t.strictSame(macKey, sha512(concat(new TextEncoder().encode('CPaceMac'), context.sid, key)));
  const lv = (part: Uint8Array) => concat(Uint8Array.of(part.length), part);
  t.strictSame(
    cpaceTag(crypto, keys, initiator),
    hmac(sha512, macKey, concat(lv(initiator.share), lv(initiator.data))),
  );
  t.strictSame(
    cpaceTag(crypto, keys, responder),
    hmac(sha512, macKey, concat(lv(responder.share), lv(responder.data))),
  );
  t.notSame(cpaceTag(crypto, keys, initiator), cpaceTag(crypto, keys, responder));
  const others = [
    keysOf({ initiator: { ...initiator, data: flipped(initiator.data, 0) }, responder, own: 'initiator' }),
    keysOf({ initiator, responder: { ...responder, data: flipped(responder.data, 0) }, own: 'initiator' }),
    keysOf({ initiator, responder: { ...responder, data: new Uint8Array(0) }, own: 'initiator' }),
    cpaceKeys(crypto, { ...context, sid: flipped(context.sid, 0) }, scalars.initiator, {
      initiator,
      responder,
      own: 'initiator',
    }),
  ];
  for (const other of others) t.notSame(other?.key, key);
});

t.test('CO-10 a part of 128 bytes and more has a length of two bytes', async (t) => {
  const data = new Uint8Array(1220).fill(7);
  const keys = keysOf({ initiator, responder: { ...responder, data }, own: 'initiator' });
  if (keys === undefined) throw new RangeError('no keys');
  const expected = hmac(
    sha512,
    keys.macKey,
    concat(Uint8Array.of(32), responder.share, Uint8Array.of(0xc4, 0x09), data),
  );
  t.strictSame(cpaceTag(crypto, keys, { ...responder, data }), expected);
});
