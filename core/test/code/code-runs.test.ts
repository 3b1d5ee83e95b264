import { concat, utf8 } from '@0k-sync/core/bytes';
import { CodeCreator, CodeJoiner, cpaceShare } from '@0k-sync/core/code';
import { nobleCrypto as crypto } from '@0k-sync/core/crypto';
import { Secret } from '@0k-sync/core/group';
import t from 'tap';
import { device, NOW, random } from '../pairing/fixture.ts';
import { answered, creatorOf, joinerOf, mailboxId, must, nodeId, raise, runOf, state, WORDS } from './ends.ts';

t.test('CO-12 the scalar of each run is 64 bytes that were drawn for it', async (t) => {
  const drawn: Uint8Array[] = [];
  const keep = (length: number) => {
    const bytes = random(length);
    drawn.push(bytes.slice());
    return bytes;
  };
  const options = { nodeId, creator: device.deviceKey, mailboxId, expiresAtMs: NOW };
  const creator = new CodeCreator({ crypto, random: keep }, { ...options, words: new Secret(utf8(WORDS)) });
  const channel = concat(utf8('0k-sync/v1/code'), nodeId);
  for (let count = 0; count < 2; count += 1) {
    drawn.length = 0;
    const joiner = joinerOf();
    const { offer } = runOf(creator, joiner);
    const [sid, scalar] = drawn;
    t.strictSame(
      drawn.map(({ length }) => length),
      [16, 64],
    );
    t.strictSame(offer.sid, sid);
    const context = { password: utf8(WORDS), channel, sid: concat(offer.sid, joiner.sid) };
    t.strictSame(offer.share, cpaceShare(crypto, context, scalar ?? raise()));
  }
});

t.test('CO-12 CO-16 each run has its own scalar and sid; three runs with wrong words burn the code', async (t) => {
  const creator = creatorOf();
  const offers = [];
  for (const words of ['copper-zoo', 'zoo-violin', 'zoo-zoo']) {
    t.equal(creator.isBurnt, false);
    const { run, reply } = answered(joinerOf(words), creator);
    offers.push(run.offer);
    t.match(run.confirm(reply), { error: 'CODE_MISMATCH' });
    t.throws(() => run.confirm(reply), TypeError, 'one guess');
  }
  t.equal(creator.isBurnt, true);
  t.equal(creator.begin(joinerOf().sid), undefined, 'also for the right words');
  t.equal(new Set(offers.map(({ share }) => share.join())).size, 3);
  t.equal(new Set(offers.map(({ sid }) => sid.join())).size, 3);
});

t.test('CO-16 a joiner that is given up has had its run; a run that is open does not burn the code', async (t) => {
  const creator = creatorOf();
  for (let count = 0; count < 2; count += 1) runOf(creator, joinerOf()).close();
  const joiner = joinerOf();
  const last = runOf(creator, joiner);
  t.equal(creator.isBurnt, false);
  t.equal(creator.begin(joinerOf().sid), undefined);
  must(last.confirm(must(joiner.answer(last.offer))));
  t.equal(creator.isBurnt, false);
  t.ok(joiner.open(must(last.grant(state))).ok, 'the third one is right');
});

t.test('CO-16 a code takes no further joiner once one was right', async (t) => {
  const { creator, run, reply } = answered();
  must(run.confirm(reply));
  t.equal(creator.begin(joinerOf().sid), undefined);
  must(run.grant(state));
  t.equal(creator.begin(joinerOf().sid), undefined);
  t.throws(() => run.grant(state), TypeError, 'one grant');
});

t.test('CO-17 CO-22 a joiner answers once, and secrets are wiped at the end of a run', async (t) => {
  const drawn: Uint8Array[] = [];
  const keep = (length: number) => {
    const bytes = random(length);
    drawn.push(bytes);
    return bytes;
  };
  const words = new Secret(utf8(WORDS));
  const joiner = new CodeJoiner({ crypto, random: keep }, { words, nodeId });
  const { run, reply } = answered(joiner);
  t.throws(() => joiner.answer(run.offer), TypeError, 'one answer');
  must(run.confirm(reply));
  must(joiner.open(must(run.grant(state))));
  t.throws(() => words.reveal(), TypeError);
  const [, scalar, seed] = drawn;
  for (const secret of [scalar, seed]) t.ok(secret?.every((byte) => byte === 0));
  const creatorWords = new Secret(utf8(WORDS));
  const options = { nodeId, creator: device.deviceKey, mailboxId, expiresAtMs: NOW };
  const creator = new CodeCreator({ crypto, random: keep }, { ...options, words: creatorWords });
  drawn.length = 0;
  creator.begin(random(16));
  creator.close();
  t.throws(() => creatorWords.reveal(), TypeError);
  t.ok(
    drawn[1]?.every((byte) => byte === 0),
    'the scalar',
  );
  t.equal(JSON.stringify({ words }), '{"words":"[secret]"}');
});
