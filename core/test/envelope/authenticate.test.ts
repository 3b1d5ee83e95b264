import { nobleCrypto as crypto } from '@0k-sync/core/crypto';
import { authenticate, type HashedEnvelope, hashEnvelope } from '@0k-sync/core/envelope';
import type { Envelope } from '@0k-sync/generated/wire/envelope';
import t from 'tap';
import { keys, otherMember, sealChain } from './fixture.ts';

const chain = sealChain(5).map(({ envelope }) => envelope);
const others = sealChain(2, otherMember).map(({ envelope }) => envelope);

function spoil(envelope: Envelope): Envelope {
  return { ...envelope, signature: envelope.signature.with(0, (envelope.signature[0] ?? 0) ^ 1) };
}

function hashed(envelope: Envelope): HashedEnvelope {
  const parsed = hashEnvelope(crypto, envelope, keys.groupId);
  if (!parsed.ok) throw new TypeError(parsed.detail);
  return parsed.value;
}

/** One letter an envelope: `a` for authentic, `-` for not. */
function verdicts(
  envelopes: readonly Envelope[],
  isVouched: (envelope: HashedEnvelope) => boolean = () => false,
): { readonly letters: string; readonly checks: number } {
  let checks = 0;
  const counting: typeof crypto = {
    ...crypto,
    ed25519Verify: (...given) => {
      checks += 1;
      return crypto.ed25519Verify(...given);
    },
  };
  const segment = envelopes.map(hashed);
  const authentic = authenticate(counting, segment, isVouched);
  return { letters: segment.map((envelope) => (authentic.has(envelope) ? 'a' : '-')).join(''), checks };
}

/** The verdicts of a receiver that checks every signature: authentic is closed under `previous`. EN-30. */
function byAllSignatures(envelopes: readonly Envelope[]): string {
  const segment = envelopes.map(hashed);
  const good = segment.map((e) => crypto.ed25519Verify(e.envelope.signature, e.hash, e.senderKey));
  const names = (a: HashedEnvelope, b: HashedEnvelope) =>
    a.sequence === b.sequence + 1 &&
    Buffer.from(a.previous).equals(b.hash) &&
    Buffer.from(a.senderKey).equals(b.senderKey);
  for (let round = 0; round < segment.length; round += 1) {
    for (const [index, envelope] of segment.entries()) {
      good[index] ||= segment.some((later, at) => good[at] && names(later, envelope));
    }
  }
  return good.map((is) => (is ? 'a' : '-')).join('');
}

t.test('EN-30 EN-32 a run costs one signature check, and a bad one below a good one does not matter', (t) => {
  t.strictSame(verdicts(chain), { letters: 'aaaaa', checks: 1 });
  t.strictSame(verdicts(chain.map((e, at) => (at < 4 ? spoil(e) : e))), { letters: 'aaaaa', checks: 1 });
  t.strictSame(verdicts(chain.map((e, at) => (at === 4 ? spoil(e) : e))), { letters: 'aaaa-', checks: 2 });
  t.strictSame(verdicts(chain.map((e, at) => (at > 1 ? spoil(e) : e))), { letters: 'aa---', checks: 4 });
  t.strictSame(verdicts(chain.map(spoil)), { letters: '-----', checks: 5 });
  t.end();
});

t.test('EN-31 what vouches may stand before or after, and in another sender’s stretch', (t) => {
  const [one, two, three] = chain as [Envelope, Envelope, Envelope];
  t.equal(verdicts([three, spoil(one), spoil(two)]).letters, 'aaa');
  t.equal(verdicts([spoil(one), ...others, two]).letters, 'aaaa');
  t.equal(verdicts([spoil(one), three]).letters, '-a', 'a hole between them');
  t.equal(verdicts([spoil(one)], () => true).letters, 'a', 'an accepted or held one names it');
  t.end();
});

t.test('EN-33 a signature counts for its own copy', (t) => {
  const [one] = chain as [Envelope];
  t.equal(verdicts([spoil(one), one]).letters, '-a');
  t.equal(verdicts([one, spoil(one)]).letters, 'a-');
  t.end();
});

t.test('EN-32 checking all signatures and checking the last of each run give one verdict', (t) => {
  for (let spoiled = 0; spoiled < 2 ** 7; spoiled += 1) {
    const made = [...chain, ...others].map((envelope, at) => ((spoiled >> at) & 1 ? spoil(envelope) : envelope));
    const order = [4, 0, 5, 2, 1, 6, 3].flatMap((at) => made[at] ?? []);
    for (const segment of [made, order, made.toReversed()])
      t.equal(verdicts(segment).letters, byAllSignatures(segment));
  }
  t.end();
});
